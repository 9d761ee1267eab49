import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { respond, upgrade, wholeBody, type App } from '@outerware/core'
import { compression, isCompressible } from '@outerware/compression'
import { get, testContext } from '../support/index.ts'
import { ask, plain, prose } from './support.ts'

const text = prose(4000)
const json = { 'content-type': 'application/json' }

/** An app with one response, to be compared by identity. */
async function sameObject(response: Response, init: RequestInit = {}): Promise<boolean> {
  return (await ask(() => response, { 'accept-encoding': 'gzip' }, {}, init)) === response
}

describe('goes out as the same object, without Vary', () => {
  it.each([
    ['an image', { 'content-type': 'image/png' }],
    ['a video', { 'content-type': 'video/mp4' }],
    ['an archive', { 'content-type': 'application/zip' }],
    ['gRPC', { 'content-type': 'application/grpc' }],
    ['gRPC of a named format', { 'content-type': 'application/grpc+json' }],
    ['gRPC-Web', { 'content-type': 'application/grpc-web+proto' }],
    ['a type nobody knows', { 'content-type': 'application/vnd.made-up' }],
    ['parts of a body', { 'content-type': 'multipart/byteranges; boundary=x' }],
    ['what is coded already', { ...json, 'content-encoding': 'br' }],
    ['what is declared as not coded', { ...json, 'content-encoding': 'identity' }],
    ['a transfer coding by hand', { ...json, 'transfer-encoding': 'chunked' }],
    ['no-transform', { ...json, 'cache-control': 'no-transform' }],
    ['no-transform among others', { ...json, 'cache-control': 'public, max-age=60, no-transform' }],
    ['no-transform in any case', { ...json, 'cache-control': 'Public,No-Transform' }],
  ])('%s', async (_name, headers) => {
    const response = respond(text, { headers })
    expect(await sameObject(response)).toBe(true)
    expect(response.headers.has('vary')).toBe(false)
    expect(wholeBody(response)).toBe(text)
  })

  it.each([204, 205])('a %i, which has no content', async (status) => {
    const response = respond(null, { status, headers: json })
    expect(await sameObject(response)).toBe(true)
    expect(response.headers.has('vary')).toBe(false)
  })

  it('a 101, which is a socket', async () => {
    const response = upgrade(() => {}, { headers: json })
    expect(await sameObject(response)).toBe(true)
    expect(response.headers.has('vary')).toBe(false)
  })

  it('a body without a type', async () => {
    const response = new Response(new Blob([text]).stream())
    expect(await sameObject(response)).toBe(true)
  })
})

it('is not fooled by a directive that only looks like no-transform', async () => {
  const app: App = () => respond(text, { headers: { ...json, 'cache-control': 'x-no-transform="no-transform"' } })
  expect((await ask(app)).headers.get('content-encoding')).toBe('gzip')
})

describe('goes out bare, but with Vary', () => {
  const bare = { ...json, etag: '"x"', 'accept-ranges': 'bytes', 'content-digest': 'sha-256=:x:' }
  const kept = { ...bare, vary: 'accept-encoding' }

  it.each([
    ['a part', 206, { ...bare, 'content-range': 'bytes 0-3999/8000' }],
    ['a part without its range', 206, bare],
    ['a range that cannot be satisfied', 416, { ...bare, 'content-range': 'bytes */8000' }],
  ])('%s', async (_name, status, headers) => {
    const response = await ask(() => respond(text, { status, headers }))
    expect(Object.fromEntries(response.headers)).toEqual({ ...headers, vary: 'accept-encoding' })
    expect(wholeBody(response)).toBe(text)
  })

  it('a body below the threshold', async () => {
    const response = await ask(() => respond(prose(1023), { headers: bare }))
    expect(Object.fromEntries(response.headers)).toEqual(kept)
    expect(await response.text()).toBe(prose(1023))
  })

  it('a stream whose declared length is below the threshold', async () => {
    const stream = new Blob([prose(1023)]).stream()
    const response = await ask(() => respond(stream, { headers: { ...bare, 'content-length': '1023' } }))
    expect(Object.fromEntries(response.headers)).toEqual({ ...kept, 'content-length': '1023' })
    expect(await response.text()).toBe(prose(1023))
  })

  it.each(['Content-Digest', 'x-sum, repr-digest'])(
    'a stream behind which a digest of it comes: %s',
    async (trailer) => {
      const response = await ask(() => respond(Readable.from([text]), { headers: { ...bare, trailer } }))
      expect(Object.fromEntries(response.headers)).toEqual({ ...kept, trailer })
      expect(await response.text()).toBe(text)
    },
  )

  it('a body for a client that takes no coding of ours', async () => {
    const response = await ask(() => respond(text, { headers: bare }), { 'accept-encoding': 'compress' })
    expect(Object.fromEntries(response.headers)).toEqual(kept)
    expect(await response.text()).toBe(text)
  })

  it.each([
    ['no body', null],
    ['an empty one', ''],
  ])('%s', async (_name, body) => {
    const response = await ask(() => respond(body, { headers: bare }), { 'accept-encoding': 'gzip, *;q=0' })
    expect(Object.fromEntries(response.headers)).toEqual(kept)
    expect(wholeBody(response)).toBe(body)
  })
})

it('codes a body of exactly the threshold', async () => {
  expect((await ask(() => new Response(prose(1024)))).headers.get('content-encoding')).toBe('gzip')
})

it('counts the threshold in bytes, not in characters', async () => {
  const response = await ask(() => respond('é'.repeat(600)))
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await plain(response)).toBe('é'.repeat(600))
})

it.each([200, 201, 302, 404, 500])('codes whatever has content: a %i', async (status) => {
  const response = await ask(() => new Response(text, { status, statusText: 'As Told' }))
  expect(response.status).toBe(status)
  expect(response.statusText).toBe('As Told')
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await plain(response)).toBe(text)
})

it('codes a response of fetch(), whose headers cannot be changed', async () => {
  const response = await ask(() => fetch(`data:text/plain,${text}`))
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await plain(response)).toBe(text.trimEnd())
})

describe('filter', () => {
  const image: App = () => respond(text, { headers: { 'content-type': 'image/png' } })

  it('takes the place of the look at the type', async () => {
    const response = await ask(image, undefined, { filter: () => true })
    expect(response.headers.get('content-encoding')).toBe('gzip')
  })

  it('leaves a response alone, without Vary, where it says false', async () => {
    const response = respond(text)
    expect(await ask(() => response, undefined, { filter: () => false })).toBe(response)
    expect(response.headers.has('vary')).toBe(false)
  })

  it('is given the request and the response', async () => {
    const app = compression({
      filter: (request, response) =>
        !request.url.endsWith('/raw') && isCompressible(response.headers.get('content-type')),
    })(() => respond(text))
    const codingOf = async (path: string): Promise<string | null> =>
      (await app(get(path, { 'accept-encoding': 'gzip' }), testContext())).headers.get('content-encoding')
    expect(await codingOf('/')).toBe('gzip')
    expect(await codingOf('/raw')).toBeNull()
  })

  it('is not asked about what must not be coded', async () => {
    const app: App = () => respond(text, { headers: { 'cache-control': 'no-transform' } })
    const response = await ask(app, undefined, { filter: () => true })
    expect(response.headers.get('content-encoding')).toBeNull()
  })
})

it.each([
  ['text/html', true],
  ['text/html; charset=utf-8', true],
  ['TEXT/HTML;charset=utf-8', true],
  ['text/x-made-up', true],
  ['text/event-stream', true],
  ['application/json', true],
  ['application/javascript', true],
  ['application/wasm', true],
  ['application/octet-stream', true],
  ['application/xhtml+xml', true],
  ['application/vnd.made-up+json', true],
  ['application/vnd.made-up+xml', true],
  ['application/vnd.made-up+text', true],
  ['image/svg+xml', true],
  ['font/ttf', true],
  ['image/png', false],
  ['image/jpeg', false],
  ['font/woff2', false],
  ['video/mp4', false],
  ['application/gzip', false],
  ['application/vnd.made-up', false],
  ['application/vnd.made-up+json-seq', false],
  ['application/grpc', false],
  ['application/grpc+json', false],
  ['application/grpc-web-text', false],
  ['json', false],
  ['constructor', false],
  ['__proto__', false],
  ['', false],
  [null, false],
])('isCompressible(%j) is %s', (type, answer) => {
  expect(isCompressible(type)).toBe(answer)
})
