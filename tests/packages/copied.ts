/** What somebody has who copies the folder of a recipe to an empty place, installs there and starts it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { closure, npm, type Tarballs } from './installed.ts'
import { folderOf } from './programs.ts'

const root = resolve(import.meta.dirname, '../..')
const recipes = join(root, 'recipes')

/** Node runs TypeScript by itself from 22.18 on; for older ones the compiler of the tests cuts the types out. */
const typescript = `--import ${pathToFileURL(join(root, 'tools/typescript.js'))}`

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** What a recipe says it needs; `undefined` for one that is not made to be installed alone. */
export function manifestOf(recipe: string): Manifest | undefined {
  const file = join(recipes, recipe, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** All folders with a recipe in them. */
export const allRecipes: readonly string[] = readdirSync(recipes).filter((name) =>
  existsSync(join(recipes, name, 'README.md')),
)

export interface Started {
  /** By what port it is reached here, and what it has beside it: a provider, a CDN. */
  readonly ports: { readonly 3000: number; readonly 4000: number }
  /** Stops it, and gives all that it has said. */
  stop(): Promise<string>
}

export interface Copy {
  readonly at: string
  /** Runs `npm start`, until it has said where it is. */
  start(program?: string): Promise<Started>
  remove(): void
}

/** Copies a recipe and installs there: what it runs on from tarballs, what it is built with by links. */
export async function copy(recipe: string, tarballs: Tarballs): Promise<Copy> {
  const at = mkdtempSync(join(tmpdir(), `outerware-${recipe}-`))
  cpSync(join(recipes, recipe), at, { recursive: true })
  const { dependencies, devDependencies = {} } = manifestOf(recipe)!
  const needed = closure(Object.keys(dependencies), recipes).map((folder) => tarballs.get(folder)!)
  await npm(at, 'install', '--offline', '--ignore-scripts', '--omit=dev', '--legacy-peer-deps', ...needed)
  for (const name of Object.keys(devDependencies)) link(name, at)
  return { at, start: (program) => start(at, program), remove: () => rmSync(at, { recursive: true, force: true }) }
}

function link(name: string, at: string): void {
  const [from] = closure([name], recipes)
  const to = join(at, 'node_modules', name)
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(from!, to)
}

async function start(cwd: string, program = ''): Promise<Started> {
  const [port, beside] = [await freePort(), await freePort()]
  const env = {
    ...process.env,
    PATH: [folderOf(program) ?? '', process.env['PATH']].join(delimiter),
    PORT: String(port),
    PROVIDER_PORT: String(beside),
    CDN_PORT: String(beside),
    NODE_OPTIONS: process.features.typescript ? '' : typescript,
    NO_COLOR: '1',
  }
  const child = spawn('npm', ['start'], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = listening(child)
  await said.until(String(port))
  return {
    ports: { 3000: port, 4000: beside },
    async stop() {
      const gone = once(child, 'exit')
      // npm's own child is the one that listens: the whole group is told.
      process.kill(-child.pid!, 'SIGTERM')
      await gone
      return said.all()
    },
  }
}

/** What a program says, and when it has said something. */
function listening(child: ChildProcess): { until(word: string): Promise<void>; all(): string } {
  let said = ''
  let heard = (): void => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += String(chunk)
      heard()
    })
  }
  return {
    all: () => said,
    until: (word) =>
      new Promise((resolve, reject) => {
        heard = () => said.includes(word) && resolve()
        child.once('exit', () => reject(new Error(`It has ended:\n${said}`)))
        heard()
      }),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
