import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { differencesIn, stepsOf } from '../docs/sessions.ts'
import { Visitor } from '../recipes/visitor.ts'
import { until } from '../support/index.ts'
import { allRecipes, copy, manifestOf } from './copied.ts'
import { pack, type Tarballs } from './installed.ts'
import { folderOf, workerd } from './programs.ts'

const recipes = resolve(import.meta.dirname, '../../recipes')

/** What runs a recipe, beside Node. */
const programs: Readonly<Record<string, string>> = {
  'any-language': 'gunicorn',
  bun: 'bun',
  cdn: 'nginx',
  deno: 'deno',
  'forward-auth': 'nginx',
  'many-machines': 'redis-server',
}

const alone = allRecipes.filter((name) => manifestOf(name) !== undefined)
// A Worker is asked below: it has no server of its own.
const served = alone.filter((name) => name !== 'workers')
const here = served.filter((name) => {
  const program = programs[name]
  if (program === undefined || folderOf(program) !== undefined) return true
  console.info(`the recipe ${name}: not started. There is no ${program}; see CONTRIBUTING.md`)
  return false
})

it.each(alone)('%s needs what the workspace has, in the same versions', (name) => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(recipes, 'package.json'), 'utf8'))
  const known = { ...devDependencies, ...dependencies }
  const { dependencies: own, devDependencies: tools = {} } = manifestOf(name)!
  for (const [dependency, version] of Object.entries({ ...own, ...tools })) {
    const wanted = dependency.startsWith('@outerware/') ? 'latest' : known[dependency]
    expect([dependency, version]).toEqual([dependency, wanted])
  }
})

describe('copied to an empty place, and installed from tarballs', () => {
  const store = mkdtempSync(join(tmpdir(), 'outerware-recipes-'))
  let tarballs: Tarballs
  beforeAll(async () => {
    const needed = alone.flatMap((name) => Object.keys(manifestOf(name)!.dependencies))
    tarballs = await pack([...new Set(needed)], store, recipes)
  })
  afterAll(() => rmSync(store, { recursive: true }))

  it.each(here)('%s starts, and says to curl what its README shows', async (name) => {
    const program = programs[name]
    const copied = await copy(name, tarballs)
    const { ports, stop } = await copied.start(program)
    const page = `recipes/${name}/README.md`
    const different = await differencesIn(page, ports, copied.at, folderOf(program ?? 'node'))
    const said = await stop()
    copied.remove()
    expect(stepsOf(page)).not.toEqual([])
    expect(different).toEqual([])
    expect(said).not.toMatch(/^ {4}at (?!.*pilots)/m)
    expect(said).not.toContain('WARNING')
  })

  it('workers is bundled without anything of Node, and runs on workerd', async () => {
    const copied = await copy('workers', tarballs)
    const { outputFiles } = await build({
      absWorkingDir: copied.at,
      entryPoints: ['worker.ts'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
    })
    copied.remove()
    const start = workerd()
    if (start === undefined) return console.info('the recipe workers: bundled, not started. There is no miniflare.')
    const script = outputFiles[0]!.text
    const ASSETS = () => new Response('the stage', { headers: { 'content-type': 'text/html' } })
    const edge = start({
      modules: true,
      script,
      compatibilityDate: '2026-04-01',
      kvNamespaces: ['VISITS'],
      serviceBindings: { ASSETS },
    })
    const at = String(await edge.ready)
    const answer = await new Visitor().ask(at)
    await until(async () => (await new Visitor().ask(`${at}visits`)).text === '{"visits":1}')
    await edge.dispose()
    expect([answer.status, answer.text, answer.headers['x-frame-options']]).toEqual([200, 'the stage', 'DENY'])
  })
})
