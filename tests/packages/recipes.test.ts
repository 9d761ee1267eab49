import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Visitor } from '../recipes/visitor.ts'
import { allRecipes, copy, manifestOf } from './copied.ts'
import { pack, type Tarballs } from './installed.ts'

// Other programs are started, on machines that may be busy.
jest.setTimeout(240_000)

const recipes = resolve(import.meta.dirname, '../../recipes')

/** What each recipe is asked for once it runs, and what the answer shows of its promise. */
const questions: Readonly<Record<string, { path: string; status: number; fields?: object; text?: RegExp }>> = {
  fastify: {
    path: '/entries/1',
    status: 200,
    fields: { 'x-content-type-options': 'nosniff' },
    text: /The lamp burned/,
  },
  hono: { path: '/', status: 200, fields: { 'x-frame-options': 'DENY' }, text: /<script nonce=/ },
  koa: { path: '/fog', status: 500, fields: { 'x-frame-options': 'SAMEORIGIN' } },
  nest: { path: '/berths', status: 200, fields: { 'x-frame-options': 'DENY' }, text: /Mairi/ },
  'plain-fetch': { path: '/tides.json', status: 200, fields: { etag: expect.any(String) }, text: /"high"/ },
}

const alone = allRecipes.filter((name) => manifestOf(name) !== undefined)

it('has a question for every recipe that installs alone', () => {
  expect(Object.keys(questions).toSorted()).toEqual(alone.toSorted())
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

  it.each(alone)('%s starts, and does what it is for', async (name) => {
    const { path, status, fields = {}, text = /^/ } = questions[name]!
    const copied = await copy(name, tarballs)
    const { url, stop } = await copied.start()
    const answer = await new Visitor().ask(url + path)
    const said = await stop()
    copied.remove()
    expect([answer.status, answer.headers]).toEqual([status, expect.objectContaining(fields)])
    expect(answer.text).toMatch(text)
    expect(said).not.toMatch(/^ {4}at /m)
  })
})
