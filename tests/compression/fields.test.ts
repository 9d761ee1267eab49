import { describe, expect, it } from '@jest/globals'
import { respond, wholeBody } from '@outerware/core'
import { ask, bytesOf, noise, plain, prose } from './support.ts'

const text = prose(4000)
const coded = (headers: Record<string, string>, syncThreshold = 32_768): Promise<Response> =>
  ask(() => respond(text, { headers }), { 'accept-encoding': 'gzip' }, { syncThreshold })

describe('Vary (RFC 9110, 12.5.5)', () => {
  it.each([
    [undefined, 'accept-encoding'],
    ['', 'accept-encoding'],
    ['Origin', 'Origin, accept-encoding'],
    ['Accept-Encoding', 'Accept-Encoding'],
    ['origin, ACCEPT-ENCODING', 'origin, ACCEPT-ENCODING'],
    ['*', '*'],
    ['origin, *', 'origin, *'],
    ['x-accept-encoding', 'x-accept-encoding, accept-encoding'],
  ])('from %j becomes %j', async (given, wanted) => {
    const response = await coded(given === undefined ? {} : { vary: given })
    expect(response.headers.get('vary')).toBe(wanted)
    expect(response.headers.get('content-encoding')).toBe('gzip')
  })
})

describe.each([
  ['whole', 32_768],
  ['streamed', 0],
])('a coded body, %s', (_name, syncThreshold) => {
  it.each([
    ['"x"', 'W/"x"'],
    ['W/"x"', 'W/"x"'],
    ['""', 'W/""'],
    // No tag at all; it is the app's to mend.
    ['x', 'x'],
  ])('has the entity tag %s as %s (8.8.3)', async (given, wanted) => {
    expect((await coded({ etag: given }, syncThreshold)).headers.get('etag')).toBe(wanted)
  })

  it.each(['content-length', 'accept-ranges', 'content-digest', 'repr-digest', 'digest', 'content-md5'])(
    'loses %s, which is true of the bare bytes only',
    async (name) => {
      expect((await coded({ [name]: '4000' }, syncThreshold)).headers.has(name)).toBe(false)
    },
  )

  it('keeps all that the app said beside', async () => {
    const headers = {
      'cache-control': 'max-age=60',
      'content-language': 'en',
      'last-modified': 'x',
      'set-cookie': 'a=b',
    }
    expect(Object.fromEntries((await coded(headers, syncThreshold)).headers)).toEqual({
      ...headers,
      'content-encoding': 'gzip',
      'content-type': 'text/plain;charset=UTF-8',
      vary: 'accept-encoding',
    })
  })
})

describe('a 304 agrees with the 200 that it stands for (15.4.5; RFC 9111, 4.3.4)', () => {
  const revalidate = (etag: string | undefined, ifNoneMatch: string, acceptEncoding = 'gzip'): Promise<Response> =>
    ask(() => respond(null, { status: 304, headers: etag === undefined ? {} : { etag } }), {
      'accept-encoding': acceptEncoding,
      'if-none-match': ifNoneMatch,
    })

  it.each([
    ['the coded form that the client knows', '"x"', 'W/"x"', 'gzip', 'W/"x"'],
    ['the coded form, though it takes no coding now', '"x"', 'W/"x"', 'identity', 'W/"x"'],
    ['the bare form that the client knows', '"x"', '"x"', 'gzip', '"x"'],
    ['of both forms the one that it would get now', '"x"', '"x", W/"x"', 'gzip', 'W/"x"'],
    ['of both forms the one that it would get now, bare', '"x"', '"x", W/"x"', 'identity', '"x"'],
    ['one of several', '"x"', '"a", W/"b,", W/"x"', 'gzip', 'W/"x"'],
    ['a weak tag of the app', 'W/"x"', 'W/"x"', 'gzip', 'W/"x"'],
    ['the tag of the app, where the client knows another', '"x"', '"y"', 'gzip', '"x"'],
    ['the tag of the app, for any tag', '"x"', '*', 'gzip', '"x"'],
  ])('echoes %s', async (_name, etag, ifNoneMatch, acceptEncoding, wanted) => {
    const response = await revalidate(etag, ifNoneMatch, acceptEncoding)
    expect(response.headers.get('etag')).toBe(wanted)
    expect(response.headers.get('vary')).toBe('accept-encoding')
    expect(response.headers.has('content-encoding')).toBe(false)
  })

  it('makes no tag where the app has none', async () => {
    expect((await revalidate(undefined, 'W/"x"')).headers.has('etag')).toBe(false)
  })

  it('is left alone where its type tells that the 200 is', async () => {
    const response = respond(null, { status: 304, headers: { 'content-type': 'image/png', etag: '"x"' } })
    expect(await ask(() => response, { 'if-none-match': 'W/"x"' })).toBe(response)
    expect(Object.fromEntries(response.headers)).toEqual({ 'content-type': 'image/png', etag: '"x"' })
  })

  it('is left alone where the app forbids a transformation', async () => {
    const response = respond(null, { status: 304, headers: { 'cache-control': 'no-transform' } })
    expect(await ask(() => response)).toBe(response)
    expect(response.headers.has('vary')).toBe(false)
  })
})

describe('HEAD', () => {
  const head = (headers: Record<string, string>, acceptEncoding = 'gzip'): Promise<Response> =>
    ask(
      () => respond(null, { headers: { 'content-type': 'text/html', ...headers } }),
      { 'accept-encoding': acceptEncoding },
      {},
      { method: 'HEAD' },
    )

  it('claims no length that GET would not have (8.6), and the tag that GET would', async () => {
    const response = await head({ 'content-length': '4000', etag: '"x"', 'accept-ranges': 'bytes' })
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/html',
      etag: 'W/"x"',
      vary: 'accept-encoding',
    })
    expect(response.body).toBeNull()
  })

  it('of an app that answers as for GET has no body, and no length either', async () => {
    const app = (): Response => respond(text, { headers: { 'content-length': '4000', etag: '"x"' } })
    const response = await ask(app, { 'accept-encoding': 'gzip' }, {}, { method: 'HEAD' })
    expect(response.body).toBeNull()
    expect(response.headers.get('content-length')).toBeNull()
    expect(response.headers.get('etag')).toBe('W/"x"')
  })

  it('of an app that answers as for GET is left alone below the threshold', async () => {
    const app = (): Response => respond('hi', { headers: { etag: '"x"' } })
    const response = await ask(app, { 'accept-encoding': 'gzip' }, {}, { method: 'HEAD' })
    expect(wholeBody(response)).toBe('hi')
    expect(response.headers.get('etag')).toBe('"x"')
  })

  it.each([
    ['below the threshold', { 'content-length': '1023' }, 'gzip'],
    ['for a client that takes no coding', { 'content-length': '4000' }, 'identity'],
  ])('is told as GET would be, %s', async (_name, headers, acceptEncoding) => {
    const response = await head({ ...headers, etag: '"x"', 'accept-ranges': 'bytes' }, acceptEncoding)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/html',
      'accept-ranges': 'bytes',
      etag: '"x"',
      vary: 'accept-encoding',
      ...headers,
    })
  })
})

describe('a body at hand as a whole', () => {
  it('goes out bare, with every field, where a coding makes it no smaller', async () => {
    const headers = { 'content-type': 'text/plain', etag: '"x"', 'accept-ranges': 'bytes', 'content-digest': 'x' }
    const response = await ask(() => respond(noise(4000), { headers }))
    expect(Object.fromEntries(response.headers)).toEqual({ ...headers, vary: 'accept-encoding' })
    expect(await bytesOf(response)).toEqual(noise(4000))
  })

  it('is coded even then for a client that refuses it bare', async () => {
    const app = (): Response => respond(noise(4000), { headers: { 'content-type': 'text/plain' } })
    const response = await ask(app, { 'accept-encoding': 'gzip, identity;q=0' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect((await bytesOf(response)).byteLength).toBeGreaterThan(4000)
  })

  it('leaves the bytes of the app as they were', async () => {
    const bytes = Buffer.from(text)
    await bytesOf(await ask(() => respond(bytes, { headers: { 'content-type': 'text/plain' } })))
    expect(bytes.toString()).toBe(text)
  })

  it.each([32_767, 32_768, 32_769, 200_000])('of %i bytes is whole again when decoded', async (size) => {
    const response = await ask(() => respond(prose(size)))
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await plain(response)).toBe(prose(size))
  })
})
