import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '../..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const execute = promisify(execFile)

/** What a user has after `npm install <package>`: the packed files of it and of what it says it needs, nothing else. */
export interface Installed {
  /** The folder of the package inside `node_modules`. */
  readonly folder: string
  /** Runs a program in a project whose `package.json` is this, and gives what it prints. */
  run(project: object, program: string): Promise<string>
  /** Checks a program in files of these names, under these compiler options; rejects with what the compiler says. */
  compile(options: object, names: readonly string[], program: string): Promise<void>
  /** Runs a command that came with the package, in a project, and gives what it prints. */
  command(name: string, ...args: readonly string[]): Promise<string>
  remove(): Promise<void>
}

/** The tarballs of packages and of all that they depend on, by the folder they were packed from. */
export type Tarballs = ReadonlyMap<string, string>

/** Packs packages as npm would publish them; what they depend on, too, so that no network is needed. */
export async function pack(names: readonly string[], at: string, from = root): Promise<Tarballs> {
  const folders = closure([...names, '@types/node'], from)
  const printed = await npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', at, ...folders)
  const packed: readonly { filename: string }[] = JSON.parse(printed)
  return new Map(folders.map((folder, i) => [folder, join(at, packed[i]!.filename)]))
}

/** Installs the tarballs of a package, and of what it says it needs, in an empty folder. */
export async function install(name: string, tarballs: Tarballs): Promise<Installed> {
  const at = await mkdtemp(join(tmpdir(), 'outerware-installed-'))
  await writeFile(join(at, 'package.json'), '{ "private": true }')
  const needed = closure([name, '@types/node']).map((folder) => tarballs.get(folder)!)
  await npm(at, 'install', '--offline', '--ignore-scripts', ...needed)
  return {
    folder: join(at, 'node_modules', name),
    async run(project, program) {
      const cwd = await makeProject(at, { 'package.json': JSON.stringify(project), 'main.js': program })
      const { stdout } = await execute(process.execPath, ['main.js'], { cwd })
      return stdout.trim()
    },
    async compile(options, names, program) {
      const cwd = await makeProject(at, {
        'package.json': '{ "type": "module" }',
        'tsconfig.json': JSON.stringify({ compilerOptions: { noEmit: true, ...options }, files: names }),
        ...Object.fromEntries(names.map((file) => [file, program])),
      })
      await execute(process.execPath, [tsc], { cwd }).catch(({ stdout }) => {
        throw new Error(stdout)
      })
    },
    async command(name, ...args) {
      const cwd = await makeProject(at, {})
      const { stdout } = await execute(join(at, 'node_modules/.bin', name), args, { cwd })
      return stdout.trim()
    },
    remove: () => rm(at, { recursive: true }),
  }
}

/** A project beside the others, which all see the same `node_modules`, with something to serve. */
async function makeProject(at: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(at, 'project-'))
  await mkdir(join(folder, 'public'))
  await writeFile(join(folder, 'public/site.css'), 'body { color: teal }')
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

/** The folders of packages and of all that they depend on, as it stands in this workspace. */
export function closure(names: readonly string[], from = root): string[] {
  return [
    ...new Set(
      names.flatMap((name) => {
        const folder = [from, root].map((base) => join(base, 'node_modules', name)).find(existsSync)
        if (folder === undefined) throw new Error(`${name} is not installed`)
        const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        return [folder, ...closure(Object.keys(dependencies), folder)]
      }),
    ),
  ]
}

/** Calls npm as from a shell of its own: without what the npm that runs the tests has put into the environment. */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  const { stdout } = await execute('npm', [...args, '--no-audit', '--no-fund'], { cwd, env, maxBuffer: 2 ** 26 })
  return stdout
}
