import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import { compose, editHeaders, filterBody, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { staticFiles, staticFilesHooks } from '@outerware/static'
import { createGzip, gunzipSync } from 'node:zlib'
import { exchange, get, listen, testContext, type Listening } from '../support/index.ts'
import { app, asks, folder, settle } from './support.ts'

const LARGE = 'x'.repeat(200_000)
const dir = folder({
  'index.html': '<h1>home</h1>',
  'app.js': 'let a',
  'app.js.gz': 'gz',
  'large.txt': LARGE,
  'taken.txt': 'the file',
})

/** An outer wrapper that edits what passes. */
const tag: Wrapper = (inner) => async (request, context) =>
  editHeaders(await inner(request, context), (headers) => {
    headers.append('x-seen', request.url.slice(-7))
    headers.set('cache-control', 'no-transform')
    headers.delete('etag')
  })

const expressApp = express()
expressApp.get('/taken.txt', (_req, res) => void res.send('the app'))
expressApp.get('/hello', (_req, res) => void res.send('hello from express'))
expressApp.post('/app.js', (_req, res) => void res.send('posted'))

let site: Listening
beforeAll(async () => {
  site = await listen(toNode(staticFiles(dir)(fromNode(expressApp))))
})
afterAll(() => site.close())

const close = 'Host: site.test\r\nConnection: close\r\n\r\n'
const send = async (text: string): Promise<string> => (await exchange(site.port, text)).text

describe('around Express 5, over a socket', () => {
  it('a file is answered before the app, and the app where there is none', async () => {
    expect(await send(`GET /taken.txt HTTP/1.1\r\n${close}`)).toMatch(/\r\n\r\nthe file$/)
    expect(await send(`GET /hello HTTP/1.1\r\n${close}`)).toMatch(/\r\n\r\nhello from express$/)
    expect(await send(`POST /app.js HTTP/1.1\r\nContent-Length: 0\r\n${close}`)).toMatch(/\r\n\r\nposted$/)
    expect(await send(`GET /nothing HTTP/1.1\r\n${close}`)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*Cannot GET/s)
  })

  it('a 200 is what it says, byte for byte', async () => {
    const text = await send(`GET /index.html?x HTTP/1.1\r\n${close}`)
    expect(text).toMatch(/^HTTP\/1\.1 302 Found\r\nlocation: \.\/\?x\r\ncontent-length: 0\r\n/)
    const home = await send(`GET / HTTP/1.1\r\n${close}`)
    expect(home.replace(/\r\nDate: .*?\r\n/, '\r\n').replace(/etag: ".{16}"/, 'etag: "…"')).toBe(
      [
        'HTTP/1.1 200 OK',
        'content-type: text/html; charset=utf-8',
        'content-length: 13',
        'cache-control: public, max-age=60',
        'accept-ranges: bytes',
        'access-control-allow-origin: *',
        'etag: "…"',
        'last-modified: Mon, 06 May 2024 07:08:09 GMT',
        'Connection: close',
        '',
        '<h1>home</h1>',
      ].join('\r\n'),
    )
  })

  it.each([
    ['HEAD', '/app.js', '', /^HTTP\/1\.1 200 OK\r\n.*content-length: 5\r\n.*\r\n\r\n$/s],
    ['HEAD', '/large.txt', '', /^HTTP\/1\.1 200 OK\r\n.*content-length: 200000\r\n.*\r\n\r\n$/s],
    ['GET', '/app.js', 'If-None-Match: *\r\n', /^HTTP\/1\.1 304 Not Modified\r\n((?!content-length).)*\r\n\r\n$/s],
    [
      'GET',
      '/app.js',
      'If-Match: "x"\r\n',
      /^HTTP\/1\.1 412 Precondition Failed\r\n.*content-length: 0\r\n.*\r\n\r\n$/s,
    ],
    [
      'GET',
      '/app.js',
      'Range: bytes=9-\r\n',
      /^HTTP\/1\.1 416 Range Not Satisfiable\r\n.*content-range: bytes \*\/5\r\n.*\r\n\r\n$/s,
    ],
    [
      'GET',
      '/app.js',
      'Range: bytes=1-2\r\n',
      /^HTTP\/1\.1 206 Partial Content\r\n.*content-range: bytes 1-2\/5\r\n.*\r\n\r\net$/s,
    ],
    ['GET', '/app.js', 'Accept-Encoding: gzip\r\n', /^HTTP\/1\.1 200 OK\r\n.*content-encoding: gzip\r\n.*\r\n\r\ngz$/s],
  ])('%s %s with %j', async (method, path, fields, expected) => {
    for (let again = 0; again < 2; again++) {
      expect(await send(`${method} ${path} HTTP/1.1\r\n${fields}${close}`)).toMatch(expected)
    }
  })

  it('answers on one connection come in order and do not run into each other', async () => {
    const requests = ['/app.js', '/large.txt', '/hello', '/large.txt', '/']
    const text = await send(
      requests.map((path, i) => `GET ${path} HTTP/1.1\r\n${i === 4 ? close : 'Host: site.test\r\n\r\n'}`).join(''),
    )
    expect(text.split(/HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n/)).toEqual([
      '',
      'let a',
      LARGE,
      'hello from express',
      LARGE,
      '<h1>home</h1>',
    ])
  })
})

it('what wrappers further out edit is not seen by the next request', async () => {
  const files = staticFiles(dir)
  const [edited, plain] = [asks(compose(tag, files)(app)), asks(files(app))]
  const before = [...(await plain('/app.js')).headers]
  for (let again = 0; again < 3; again++) {
    const { headers } = await edited('/app.js')
    expect(headers.get('x-seen')).toBe('/app.js')
    expect(headers.get('cache-control')).toBe('no-transform')
    expect((await edited('/app.js', { 'if-none-match': '*' })).headers.get('x-seen')).toBe('/app.js')
    expect((await edited('/app.js', { range: 'bytes=0-0' })).headers.get('x-seen')).toBe('/app.js')
    expect([...(await plain('/app.js')).headers]).toEqual(before)
    expect((await plain('/app.js', { 'if-none-match': '*' })).headers.has('x-seen')).toBe(false)
  }
})

it.each(['/app.js', '/large.txt'])('the body of %s may be filtered further out', async (path) => {
  const zipping: Wrapper = (inner) => async (request, context) => {
    const response = filterBody(await inner(request, context), () => createGzip())
    return editHeaders(response, (headers) => headers.set('content-encoding', 'gzip'))
  }
  const server = await listen(toNode(compose(zipping, staticFiles(dir))(app)))
  for (let again = 0; again < 2; again++) {
    const { bytes, text } = await exchange(server.port, `GET ${path} HTTP/1.0\r\nHost: x\r\n\r\n`)
    expect(text).not.toMatch(/content-length/i)
    const body = gunzipSync(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)).toString()
    expect(body).toBe(path === '/app.js' ? 'let a' : LARGE)
  }
  await server.close()
})

it('works on a host that knows Fetch alone: a native Request in, a body to be read out', async () => {
  const files = staticFiles(dir)(app)
  const answer = async (path: string): Promise<Response> => {
    const light = await files(new Request(`http://site.test${path}`), testContext())
    return new Response(light.body, { status: light.status, headers: light.headers })
  }
  for (let again = 0; again < 2; again++) {
    expect(await (await answer('/app.js')).text()).toBe('let a')
    expect(await (await answer('/large.txt')).text()).toBe(LARGE)
  }
})

it('as hooks it answers a request, or leaves it', async () => {
  const { request, response, urls } = staticFilesHooks(dir)
  const answer = await request?.(get('/app.js'), testContext())
  expect(await answer?.text()).toBe('let a')
  expect(await request?.(get('/nothing'), testContext())).toBeUndefined()
  expect(response).toBeUndefined()
  expect(urls()).toContain('/app.js')
})

it('answers what is in memory in the same turn, so that a sync site stays sync', async () => {
  const fresh = staticFiles({ dir: folder({ 'a.txt': 'a', 'dir/index.html': '' }), recheckMs: Infinity })(app)
  const now = (path: string, headers = {}): Response | Promise<Response> => fresh(get(path, headers), testContext())
  expect(now('/nothing')).not.toBeInstanceOf(Promise)
  expect(now('/dir')).not.toBeInstanceOf(Promise)
  await settle()
  await now('/a.txt')
  expect(now('/a.txt')).not.toBeInstanceOf(Promise)
  expect(now('/a.txt', { 'if-none-match': '*' })).not.toBeInstanceOf(Promise)
})

it('is an app for TypeScript, whatever the app inside needs', () => {
  const needy: App<{ user: string }> = (_request, { user }) => new Response(user)
  expect(typeof staticFiles(dir)(needy)).toBe('function')
})
