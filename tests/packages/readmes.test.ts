import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = resolve(import.meta.dirname, '../..')
const folders = (parent: string): string[] => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...['core', ...folders('middlewares'), ...folders('recipes')].map((folder) => `${folder}/README.md`),
].filter((page) => existsSync(join(root, page)))

/** An empty project with all packages in reach, and the Express app that examples stand around. */
let project: string
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'outerware-readmes-'))
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  const options = { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: ['node'] }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
  writeFileSync(
    join(project, 'existing-express-app.ts'),
    "import express, { type Express } from 'express'\nexport const app: Express = express()\n",
  )
})
afterAll(() => rmSync(project, { recursive: true }))

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8')

  it('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })

  it('has examples that compile', () => {
    const examples = [...text.matchAll(/^ *```ts\n([^]*?)^ *```$/gm)].map(([, code = '']) => code)
    const names = examples.map((code, i) => {
      const name = `${page.replaceAll(/\W/g, '-')}-${i + 1}.ts`
      writeFileSync(join(project, name), code)
      return name
    })
    expect(compile(names)).toBe('')
  })
})

/** What the compiler says of these files; nothing, if all is well. */
function compile(names: readonly string[]): string {
  const tsconfig = join(project, 'examples.json')
  writeFileSync(tsconfig, JSON.stringify({ extends: './tsconfig.json', files: ['existing-express-app.ts', ...names] }))
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', tsconfig], { cwd: project })
    return ''
  } catch (error) {
    return String(Object(error).stdout)
  }
}
