import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { next, toConnect, toNode } from '@outerware/core/node'
import { staticFiles } from '@outerware/static'
import express from 'express'
import { brotliCompressSync } from 'node:zlib'
import { listen, type Listening } from '../support/index.ts'
import { frameworks } from './frameworks.support.ts'
import { folder } from './support.ts'

const TEXT = 'let a = 1\n'.repeat(100)
const dir = folder({
  'app.js': TEXT,
  'app.js.br': brotliCompressSync(TEXT),
  'large.bin': Buffer.alloc(300_000, 'x'),
  'assets/main-DfX2k9aB.js': 'main()',
})

describe.each(frameworks)('around an app of %s, over a socket', (name, make) => {
  let site: Listening
  beforeAll(async () => {
    site = await listen(toNode(staticFiles(dir)(await make())))
  })
  afterAll(() => site.close())

  const ask = async (path: string, init: RequestInit = {}): Promise<[number, string, Headers]> => {
    const response = await fetch(site.url + path, init)
    return [response.status, await response.text(), response.headers]
  }

  it('a file is answered before the app, in the form that the client takes', async () => {
    const [status, text, headers] = await ask('/app.js', { headers: { 'accept-encoding': 'br' } })
    expect([status, text, headers.get('content-encoding'), headers.get('vary')]).toEqual([
      200,
      TEXT,
      'br',
      'accept-encoding',
    ])
    const [again, , fields] = await ask('/app.js', {
      headers: { 'accept-encoding': 'br', 'if-none-match': headers.get('etag')! },
    })
    expect([again, fields.get('etag')]).toEqual([304, headers.get('etag')])
  })

  it('a large file streams, whole and in part', async () => {
    expect((await ask('/large.bin'))[1]).toHaveLength(300_000)
    const [status, text, headers] = await ask('/large.bin', { headers: { range: 'bytes=-5' } })
    expect([status, text, headers.get('content-range')]).toEqual([206, 'xxxxx', 'bytes 299995-299999/300000'])
  })

  it('HEAD has the fields and no body', async () => {
    const [status, text, headers] = await ask('/large.bin', { method: 'HEAD' })
    expect([status, text, headers.get('content-length')]).toEqual([200, '', '300000'])
  })

  it('what is no file is the app’s, as it says it: its page, its 404, its other methods with their bodies', async () => {
    const [status, text, headers] = await ask('/hello')
    expect([status, text, headers.get('x-from'), headers.get('access-control-allow-origin')]).toEqual([
      200,
      'hello',
      name,
      null,
    ])
    expect((await ask('/nothing')).slice(0, 2)).toEqual([404, 'no route'])
    const post = { method: 'POST', body: 'words', headers: { 'content-type': 'text/plain' } }
    expect((await ask('/app.js', post)).slice(0, 2)).toEqual([201, 'posted words'])
  })

  it('a hashed name of another build never reaches the app’s catch-all', async () => {
    const [status, text, headers] = await ask('/assets/main-aB9k2XfD.js')
    expect([status, text, headers.get('cache-control')]).toEqual([404, '404 Not Found\n', 'no-store'])
  })
})

describe('as middleware of Express, mounted at a path', () => {
  let site: Listening
  beforeAll(async () => {
    const docs = folder({ 'index.html': 'page', 'app.js': TEXT, 'more/index.html': 'more' })
    const app = express()
    app.use('/the%20docs', toConnect(staticFiles(docs)(next)))
    const router = express.Router().use((req, _res, go) => {
      req.url = '/'
      go()
    })
    app.use('/spa', router.use(toConnect(staticFiles(docs)(next))))
    app.use('/in/place', toConnect(staticFiles({ dir: docs, redirect: false })(next)))
    app.use((_req, res) => void res.status(404).send('no route'))
    site = await listen(app)
  })
  afterAll(() => site.close())

  it.each([
    ['/the%20docs', 302, 'the%20docs/'],
    ['/the%20docs?a=1&b', 302, 'the%20docs/?a=1&b'],
    ['/the%20docs/', 200, null],
    ['/the%20docs/?a', 200, null],
    ['/the%20docs/index.html', 302, './'],
    ['/the%20docs/more?a', 302, 'more/?a'],
    ['/the%20docs/app.js', 200, null],
    ['/the%20docs/no.js', 404, null],
    ['/in/place', 200, null],
    ['/spa/route', 200, null],
  ])('%s is %i, to %s', async (path, status, location) => {
    const response = await fetch(site.url + path, { redirect: 'manual' })
    await response.text()
    expect([response.status, response.headers.get('location')]).toEqual([status, location])
  })
})
