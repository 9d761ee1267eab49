import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = resolve(import.meta.dirname, '../..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const folders = (parent: string): string[] => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
const packages = ['core', ...folders('middlewares')]
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'recipes/README.md',
  ...[...packages, ...folders('recipes')].map((folder) => `${folder}/README.md`),
  ...packages
    .map((folder) => `${folder}/docs`)
    .filter((docs) => existsSync(join(root, docs)))
    .flatMap(folders),
].filter((page) => existsSync(join(root, page)))

/** An empty project with all packages in reach. */
let project: string
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'outerware-readmes-'))
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  const options = { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: ['node'] }
  write('package.json', '{ "type": "module" }')
  write('tsconfig.json', JSON.stringify({ compilerOptions: options }))
})
afterAll(() => rmSync(project, { recursive: true }))

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8')

  it('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })

  it('has examples that compile, those that import what they use', () => {
    const examples = [...text.matchAll(/^ *```ts\n([^]*?)^ *```$/gm)].map(([, code = '']) => code)
    const whole = examples.filter((code) => /^ *import /m.test(code))
    const names = whole.map((code, i) => {
      for (const [, name = ''] of code.matchAll(/from '\.\/([\w-]+)\.js'/g))
        write(`${name}.ts`, name === 'app' ? fetchApp : expressApp)
      return write(`${page.replaceAll(/\W/g, '-')}-${i + 1}.ts`, code)
    })
    expect(compile(names)).toBe('')
  })
})

/** What an example finds beside it: the app that it stands around, `app.js` or `express-app.js`. */
const fetchApp = "import type { App } from '@outerware/core'\nexport const app: App = () => new Response('')\n"
const expressApp = "import express, { type Express } from 'express'\nexport const app: Express = express()\n"

function write(name: string, content: string): string {
  writeFileSync(join(project, name), content)
  return name
}

/** What the compiler says of these files; nothing, if all is well. */
function compile(names: readonly string[]): string {
  if (names.length === 0) return ''
  write('examples.json', JSON.stringify({ extends: './tsconfig.json', files: names }))
  try {
    execFileSync(process.execPath, [tsc, '-p', 'examples.json'], { cwd: project })
    return ''
  } catch (error) {
    return String(Object(error).stdout)
  }
}
