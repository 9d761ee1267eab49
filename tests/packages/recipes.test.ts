import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { build } from 'esbuild'
import { Visitor } from '../recipes/visitor.ts'
import { allRecipes, copy, manifestOf } from './copied.ts'
import { pack, type Tarballs } from './installed.ts'
import { folderOf, workerd } from './programs.ts'

// Other programs are started, on machines that may be busy.
jest.setTimeout(240_000)

const recipes = resolve(import.meta.dirname, '../../recipes')

interface Question {
  readonly path: string
  readonly status: number
  readonly fields?: object
  readonly text?: RegExp
  /** What runs it, beside Node. */
  readonly program?: 'bun' | 'deno' | 'gunicorn' | 'nginx' | 'redis-server'
}

/** What each recipe is asked for once it runs, and what the answer shows of its promise. */
const questions: Readonly<Record<string, Question>> = {
  'access-log': { path: '/', status: 200, fields: { 'x-request-id': expect.any(String) }, text: /One boat/ },
  'any-language': { path: '/health', status: 200, text: /AnonymousUser/, program: 'gunicorn' },
  'api-with-bearer-tokens': { path: '/lamp', status: 401, fields: { 'www-authenticate': expect.any(String) } },
  bun: { path: '/skerry.svg', status: 200, fields: { 'x-frame-options': 'SAMEORIGIN' }, text: /<svg/, program: 'bun' },
  cdn: { path: '/', status: 200, text: /src="http:.*integrity="sha384-/, program: 'nginx' },
  deno: { path: '/', status: 200, fields: { 'x-frame-options': 'SAMEORIGIN' }, text: /Alfa/, program: 'deno' },
  fastify: {
    path: '/entries/1',
    status: 200,
    fields: { 'x-content-type-options': 'nosniff' },
    text: /The lamp burned/,
  },
  'github-login': { path: '/', status: 200, fields: { 'x-frame-options': 'SAMEORIGIN' }, text: /Plans/ },
  'forward-auth': { path: '/plans', status: 401, text: /Sign in first/, program: 'nginx' },
  hono: { path: '/', status: 200, fields: { 'x-frame-options': 'DENY' }, text: /<script nonce=/ },
  koa: { path: '/fog', status: 500, fields: { 'x-frame-options': 'SAMEORIGIN' } },
  'many-machines': { path: '/', status: 401, text: /Sign in first/, program: 'redis-server' },
  nest: { path: '/berths', status: 200, fields: { 'x-frame-options': 'DENY' }, text: /Mairi/ },
  opentelemetry: { path: '/pilots/1', status: 200, fields: { 'x-frame-options': 'SAMEORIGIN' }, text: /Ingrid/ },
  'plain-fetch': { path: '/tides.json', status: 200, fields: { etag: expect.any(String) }, text: /"high"/ },
  'websockets-behind-login': { path: '/', status: 401, fields: { 'x-frame-options': 'SAMEORIGIN' } },
  'express-site': { path: '/', status: 200, fields: { 'content-security-policy': expect.any(String) } },
  languages: { path: '/de/leuchtt%C3%BCrme/abbey', status: 200, fields: { 'content-language': 'de' }, text: /Abtei/ },
  'spa-with-vite': { path: '/api/notes', status: 401, fields: { 'x-frame-options': 'DENY' }, text: /Sign in first/ },
  'strict-csp-streaming': { path: '/favicon.svg', status: 200, fields: { 'x-frame-options': 'DENY' } },
  tenants: { path: '/', status: 200, text: /Harbour Street/ },
}

const alone = allRecipes.filter((name) => manifestOf(name) !== undefined)
// A Worker is asked below: it has no server of its own.
const served = alone.filter((name) => name !== 'workers')
const here = served.filter((name) => {
  const { program } = questions[name] ?? {}
  if (program === undefined || folderOf(program) !== undefined) return true
  console.info(`the recipe ${name}: not started. There is no ${program}; see CONTRIBUTING.md`)
  return false
})

it('has a question for every recipe that installs alone', () => {
  expect(Object.keys(questions).toSorted()).toEqual(served.toSorted())
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

  it.each(here)('%s starts, and does what it is for', async (name) => {
    const { path, status, fields = {}, text = /^/, program } = questions[name]!
    const copied = await copy(name, tarballs)
    const { url, stop } = await copied.start(program)
    const answer = await new Visitor().ask(url + path)
    const said = await stop()
    copied.remove()
    expect([answer.status, answer.headers]).toEqual([status, expect.objectContaining(fields)])
    expect(answer.text).toMatch(text)
    expect(said).not.toMatch(/^ {4}at /m)
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

/** Asks again until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}
