import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { startSite, type Site } from './exhausted.support.ts'
import { folder } from './support.ts'

const LARGE = 5_000_000
const dir = folder({
  'small.txt': 'small',
  'large.bin': Buffer.alloc(LARGE, 'x'),
  'fresh.txt': 'never read',
  'coded.txt': 'x'.repeat(100),
  'coded.txt.gz': gzipSync('x'.repeat(100)),
  'index.html': 'page',
  'assets/main-DfX2k9aB.js': '',
  '.vite/manifest.json': '{ "src/main.ts": { "file": "assets/main-DfX2k9aB.js" } }',
})

let site: Site
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
afterAll(() => agent.destroy())

interface Answer {
  readonly said: string
  readonly headers: IncomingMessage['headers']
}

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  through = agent,
): Promise<Answer> {
  const asked = request({ port: site.port, host: '127.0.0.1', path, method, headers, agent: through }).end()
  const [response]: IncomingMessage[] = await once(asked, 'response')
  const body = await buffer(response!)
  const text = body.length > 100 ? `${body.length} bytes` : String(body)
  return { said: `${response!.statusCode} ${text}`.trim(), headers: response!.headers }
}

const atOnce = async (paths: readonly string[], through = agent): Promise<string[]> =>
  Promise.all(paths.map(async (path) => (await ask(path, {}, 'GET', through)).said))

describe('in production', () => {
  beforeAll(async () => {
    site = await startSite({ dir, recheckMs: 0 })
  })
  afterAll(() => site.stop())

  it('without a descriptor left, what is in memory is answered, the rest with 503, and all of it when there are some again', async () => {
    // Four connections that stay, and what each kind of answer loads when it is first given.
    expect(await atOnce(['/small.txt', '/large.bin', '/app', '/small.txt'])).toEqual([
      '200 small',
      `200 ${LARGE} bytes`,
      '200 app',
      '200 small',
    ])
    const before = await site.order('count', 'count')

    expect(await site.order('fill', 'filled')).toBe('EMFILE')
    expect(await atOnce(['/small.txt', '/large.bin', '/app', '/fresh.txt'])).toEqual([
      '200 small',
      '503 503 Service Unavailable',
      '200 app',
      '503 503 Service Unavailable',
    ])
    const { said, headers } = await ask('/large.bin')
    expect([said, headers['retry-after'], headers['cache-control'], headers.etag]).toEqual([
      '503 503 Service Unavailable',
      '1',
      'no-store',
      undefined,
    ])
    // Its tag is known, and HEAD opens nothing.
    expect((await ask('/large.bin', {}, 'HEAD')).said).toBe('200')
    // What was touched has its form read, to see whose it is; the form stays, when it can be read again.
    chmodSync(join(dir, 'coded.txt'), 0o600)
    const coded = { 'accept-encoding': 'gzip' }
    expect((await ask('/coded.txt', coded)).said).toBe('503 503 Service Unavailable')
    expect(await site.hears('report')).toMatch(
      /^staticFiles: files that are not in memory are answered with 503 for now: EMFILE/,
    )
    expect(site.heard).toEqual([])

    site.send('reload')
    expect(await site.hears('reloaded')).toBe('EMFILE')

    await site.order('free', 'freed')
    expect((await ask('/coded.txt', coded)).headers['content-encoding']).toBe('gzip')
    expect(await atOnce(['/small.txt', '/large.bin', '/fresh.txt', '/large.bin'])).toEqual([
      '200 small',
      `200 ${LARGE} bytes`,
      '200 never read',
      `200 ${LARGE} bytes`,
    ])
    site.send('reload')
    expect(await site.hears('reloaded')).toBeNull()
    expect(await site.order('count', 'count')).toBe(before)
  })

  it('under more clients than there are descriptors each gets the file or a 503, nobody a broken one, and none is lost', async () => {
    const before = Number(await site.order('count', 'count'))
    const many = new Agent({ keepAlive: true, maxSockets: 60 })
    // Connections first: one that the system cannot accept is beyond any app.
    await atOnce(
      Array.from({ length: 60 }, () => '/small.txt'),
      many,
    )
    const answers = await atOnce(
      Array.from({ length: 300 }, () => '/large.bin'),
      many,
    )
    many.destroy()
    expect(new Set(answers)).toEqual(new Set([`200 ${LARGE} bytes`, '503 503 Service Unavailable']))
    // The connections are closed a moment later.
    while (Number(await site.order('count', 'count')) > before) await new Promise((done) => setTimeout(done, 20))
    expect((await ask('/large.bin')).said).toBe(`200 ${LARGE} bytes`)
  })
})

describe('in development', () => {
  beforeAll(async () => {
    site = await startSite({ dir, dev: true, single: true })
  })
  afterAll(() => site.stop())

  it('whatever needs a look at the directories is a 503, told once, and the site goes on', async () => {
    const page = { accept: 'text/html' }
    expect(await atOnce(['/small.txt', '/large.bin', '/app', '/small.txt'])).toEqual([
      '200 small',
      `200 ${LARGE} bytes`,
      '200 app',
      '200 small',
    ])
    expect(await site.order('asset', 'asset')).toBe('/assets/main-DfX2k9aB.js')

    expect(await site.order('fill', 'filled')).toBe('EMFILE')
    const unavailable = '503 503 Service Unavailable'
    expect(await atOnce(['/small.txt', '/large.bin', '/nothing'])).toEqual([unavailable, unavailable, unavailable])
    const { said, headers } = await ask('/users', page)
    expect([said, headers['retry-after'], headers['cache-control']]).toEqual([unavailable, '1', 'no-store'])
    // Other methods are the app's, whatever lies on the disk.
    expect((await ask('/small.txt', page, 'POST')).said).toBe('200 app')
    expect(await site.hears('report')).toMatch(/answered with 503 for now: EMFILE/)
    expect(site.heard).toEqual([])
    // Not that there is no such name.
    expect(await site.order('asset', 'asset')).toBe('EMFILE')

    await site.order('free', 'freed')
    expect((await ask('/users', page)).said).toBe('200 page')
    expect(await atOnce(['/small.txt', '/nothing'])).toEqual(['200 small', '200 app'])
  })
})
