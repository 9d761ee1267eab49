import { Readable, type Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import * as zlib from 'node:zlib'
import { describe, expect, it, jest } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { decompressRequest, type DecompressRequestOptions } from '@outerware/compression'
import { get, record, streamOf, testContext, type Recorder } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { noise, prose } from './support.ts'

type Encode = (bytes: string | Uint8Array) => Buffer

const encoders: Record<string, Encode> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  'x-gzip': (bytes) => zlib.gzipSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  deflate: (bytes) => zlib.deflateSync(bytes),
  ...(hasZstd ? { zstd: (bytes: string | Uint8Array) => zlib.zstdCompressSync(bytes) } : {}),
}
const codings = Object.keys(encoders)

/** Answers with what it read. */
const echo: App = async (request) => respond(new Uint8Array(await request.arrayBuffer()))

function post(coding: string, body: RequestInit['body'], headers: Record<string, string> = {}): Request {
  const init: RequestInit = {
    method: 'POST',
    body: body ?? null,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  }
  return get('/', { 'content-encoding': coding, ...headers }, init)
}

async function send(request: Request, options: DecompressRequestOptions = {}, app: App = echo): Promise<Response> {
  return decompressRequest(options)(app)(request, testContext())
}

/** The request as the app got it. */
async function arrived(request: Request): Promise<Request> {
  const app = record()
  await send(request, {}, app)
  return app.requests[0]!
}

/** What a codec makes of a body. */
function flushed(codec: Transform, plain: Uint8Array): Promise<Buffer> {
  codec.end(plain)
  return buffer(codec)
}

/** What a refused request must be: the app does not hear of it. */
async function expectRefused(
  request: Request,
  status: number,
  options: DecompressRequestOptions = {},
): Promise<Response> {
  const app: Recorder = record()
  const response = await send(request, options, app)
  expect(response.status).toBe(status)
  expect(app.requests).toHaveLength(0)
  return response
}

describe.each(codings)('%s', (coding) => {
  const encode = encoders[coding]!

  it.each([
    ['a byte', Buffer.from('x')],
    ['text', Buffer.from(prose(300_000))],
    ['noise', noise(300_000)],
  ])('is taken off: %s', async (_name, plain) => {
    const response = await send(post(coding, encode(plain)), { ratio: Infinity })
    expect(Buffer.from(await response.arrayBuffer()).equals(plain)).toBe(true)
  })

  it('is taken off what comes at any split', async () => {
    const coded = encode('Grüße, 世界!')
    for (let at = 0; at <= coded.byteLength; at++) {
      const parts = [coded.subarray(0, at), coded.subarray(at)].map((part) => new Uint8Array(part))
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of parts) controller.enqueue(part)
          controller.close()
        },
      })
      expect(await (await send(post(coding, body))).text()).toBe('Grüße, 世界!')
    }
  })

  it('is refused with 400 where it breaks off, wherever that is', async () => {
    const coded = encode('hello, hello, hello')
    for (let end = 1; end < coded.byteLength; end++) await expectRefused(post(coding, coded.subarray(0, end)), 400)
  })

  it.each([
    ['is something else', Buffer.from('hello, hello, hello')],
    ['has something behind its end', Buffer.concat([encode('hello'), Buffer.from('more')])],
  ])('is refused with 400 where it %s', async (_name, coded) => {
    const response = await expectRefused(post(coding, coded), 400)
    expect(await response.text()).toBe('400 Bad Request: the body is not what Content-Encoding says\n')
  })

  it('is stopped at the limit, however much would come of it', async () => {
    const pushed = jest.spyOn(Readable.prototype, 'push')
    try {
      await expectRefused(post(coding, encode(Buffer.alloc(20_000_000))), 413, { ratio: Infinity, limit: 1_000_000 })
      const decoded = pushed.mock.calls.map(([chunk]) => Number(chunk?.byteLength ?? 0)).reduce((a, b) => a + b, 0)
      expect(decoded).toBeGreaterThan(1_000_000)
      expect(decoded).toBeLessThan(1_200_000)
    } finally {
      pushed.mockRestore()
    }
  })

  it('is taken up to exactly the limit, and no byte further', async () => {
    const plain = noise(2000)
    const coded = encode(plain)
    const limit = Math.max(coded.byteLength, plain.byteLength)
    expect((await send(post(coding, coded), { limit })).status).toBe(200)
    await expectRefused(post(coding, encode(prose(2001))), 413, { limit: 2000 })
    expect((await send(post(coding, encode(prose(2000))), { limit: 2000 })).status).toBe(200)
  })

  it('is refused with 413 where the body is too many times longer, but not below 64 KiB', async () => {
    const zeros = (size: number): Request => post(coding, encode(Buffer.alloc(size)))
    expect((await send(zeros(65_536))).status).toBe(200)
    await expectRefused(zeros(65_537), 413)
    expect((await send(zeros(65_537), { ratio: Infinity })).status).toBe(200)
  })
})

describe('zstd in several frames', () => {
  const frame = (text: string): Buffer => encoders['zstd']!(text)
  const skippable = Buffer.from([0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

  const maybe = hasZstd ? it : it.skip
  maybe.each([
    ['one after the other', () => [frame('hel'), frame('lo')]],
    ['with one to skip at the front', () => [skippable, frame('hello')]],
    ['with one to skip between', () => [frame('hel'), skippable, frame('lo')]],
    ['with one to skip at the end', () => [frame('hello'), skippable]],
  ])('is read to the last, %s', async (_name, frames) => {
    expect(await (await send(post('zstd', Buffer.concat(frames())))).text()).toBe('hello')
  })

  maybe('has the limit for all of them together', async () => {
    const frames = Buffer.concat([frame(prose(600)), frame(prose(600))])
    await expectRefused(post('zstd', frames), 413, { limit: 1000 })
  })

  maybe.each<[string, number, Buffer, zlib.ZstdOptions]>([
    ['a window and no size', 0, Buffer.from(prose(500)), {}],
    ['a checksum', 4, Buffer.from(prose(500)), { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }],
    ['a size of one byte', 32, Buffer.from(prose(200)), { pledgedSrcSize: 200 }],
    ['a size of two', 96, Buffer.from(prose(5000)), { pledgedSrcSize: 5000 }],
    ['a size of four', 160, noise(70_000), { pledgedSrcSize: 70_000 }],
    ['blocks of noise, and of one byte repeated', 0, Buffer.concat([noise(200_000), Buffer.alloc(400_000)]), {}],
    ['nothing at all', 0, Buffer.alloc(0), {}],
  ])('is told by a header of %s', async (_name, flags, plain, options) => {
    const coded = await flushed(zlib.createZstdCompress(options), plain)
    expect(coded[4]! & 0b1110_0111).toBe(flags)
    const twice = await send(post('zstd', Buffer.concat([coded, coded])), { limit: 2 ** 21, ratio: Infinity })
    expect(Buffer.from(await twice.arrayBuffer()).equals(Buffer.concat([plain, plain]))).toBe(true)
    for (let cut = 1; cut < Math.min(40, coded.byteLength); cut++)
      await expectRefused(post('zstd', coded.subarray(0, -cut)), 400)
  })

  maybe.each([
    ['of a kind that is none', '28b52ffd 00 58 07000000'],
    ['that leads behind the end', '28b52ffd 00 58 ffff01'],
    ['a frame to skip that leads behind the end', '502a4d18 ffffffff 00'],
    ['a frame to skip without its length', '502a4d18 0000'],
  ])('is refused with 400 where there is a block %s', async (_name, hex) => {
    await expectRefused(post('zstd', Buffer.from(hex.replaceAll(' ', ''), 'hex')), 400)
  })

  maybe('is refused with 400 in more than 64, each of which would be a decoder', async () => {
    await expectRefused(post('zstd', Buffer.concat(Array.from({ length: 65 }, () => frame('')))), 400)
  })
})

it('reads all members of a gzip file, and the zeros behind them', async () => {
  const members = Buffer.concat([zlib.gzipSync('hel'), zlib.gzipSync('lo'), Buffer.alloc(20)])
  expect(await (await send(post('gzip', members))).text()).toBe('hello')
})

describe('several codings', () => {
  const twice = (inner: string, outer: string, plain: string | Uint8Array): Buffer =>
    encoders[outer]!(encoders[inner]!(plain))

  it.each([
    ['gzip, br', 'gzip', 'br'],
    ['br, gzip', 'br', 'gzip'],
    ['deflate,GZIP', 'deflate', 'gzip'],
    ['gzip , , x-gzip', 'gzip', 'gzip'],
    ['identity, br, identity, Identity, identity, identity, gzip', 'br', 'gzip'],
  ])('are taken off, the last first: %s', async (field, inner, outer) => {
    const response = await send(post(field, twice(inner, outer, 'hello')))
    expect(await response.text()).toBe('hello')
  })

  it('are refused with 400 in the wrong order', async () => {
    await expectRefused(post('br, gzip', twice('gzip', 'br', 'hello')), 400)
  })

  it('are refused with 413 where what lies between is too long', async () => {
    // Two million bytes of empty members, which come to nothing.
    const member = zlib.gzipSync('')
    const empty = Buffer.concat(Array.from({ length: 100_000 }, () => member))
    await expectRefused(post('gzip, gzip', zlib.gzipSync(empty)), 413, { ratio: Infinity })
  })

  it('are five at most', async () => {
    let coded: Buffer = Buffer.from('hello')
    for (let i = 0; i < 5; i++) coded = zlib.gzipSync(coded)
    const five = 'gzip, gzip, gzip, gzip, gzip'
    expect(await (await send(post(five, coded))).text()).toBe('hello')
    await expectRefused(post(`${five}, gzip`, zlib.gzipSync(coded)), 415)
  })
})

describe('the request that the app gets', () => {
  it('has the length of the decoded bytes, and nothing that is true of the coded ones only', async () => {
    const { headers, method, url } = await arrived(
      post('gzip', zlib.gzipSync('hello'), {
        'content-length': '25',
        'content-type': 'text/plain',
        'content-digest': 'sha-256=:x:',
        'repr-digest': 'sha-256=:x:',
        digest: 'sha-256=x',
        'content-md5': 'x',
        'x-other': 'kept',
      }),
    )
    expect([method, url]).toEqual(['POST', 'http://site.test/'])
    expect(Object.fromEntries(headers)).toEqual({
      'content-length': '5',
      'content-type': 'text/plain',
      'x-other': 'kept',
    })
  })

  it('has an empty body where the coded one was empty, of which no coder makes less', async () => {
    const request = await arrived(post('gzip', ''))
    expect(request.headers.get('content-encoding')).toBeNull()
    expect(await request.text()).toBe('')
  })

  it.each([
    ['has no Content-Encoding', get('/', {}, { method: 'POST', body: 'hello' })],
    ['is coded as identity', post('identity', 'hello')],
    ['names nothing', post(', ,', 'hello')],
    ['is a GET, which has no body', get('/', { 'content-encoding': 'gzip' })],
    ['has no body', get('/', { 'content-encoding': 'compress' }, { method: 'POST' })],
  ])('is the same object where it %s', async (_name, request) => {
    expect(await arrived(request)).toBe(request)
  })

  it('comes with the same context, and what the app answers comes out', async () => {
    const context = testContext()
    const answer = respond('answer')
    const app: App = (_request, given) => {
      expect(given).toBe(context)
      return answer
    }
    expect(await decompressRequest()(app)(post('gzip', zlib.gzipSync('hello')), context)).toBe(answer)
  })
})

it.each(['compress', 'gzip, compress', 'aws-chunked', 'gzip;q=1', '*'])(
  'answers 415 to %s, and says what it takes',
  async (coding) => {
    const response = await expectRefused(post(coding, streamOf('x')), 415)
    const known = hasZstd ? 'zstd, br, gzip, deflate' : 'br, gzip, deflate'
    expect(response.headers.get('accept-encoding')).toBe(known)
  },
)

it('answers 413 to a length above the limit without reading a byte', async () => {
  let pulls = 0
  const body = new ReadableStream<Uint8Array>({ pull: () => void pulls++ }, { highWaterMark: 0 })
  await expectRefused(post('gzip', body, { 'content-length': '1001' }), 413, { limit: 1000 })
  expect(pulls).toBe(0)
})

it('answers 413 to a coded body above the limit whose length nobody has told', async () => {
  const coded = zlib.gzipSync(noise(900))
  await expectRefused(post('gzip', coded), 413, { limit: coded.byteLength - 1 })
})

it('lets an error of a body that breaks, and of the app, come out', async () => {
  const broken = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('gone')) })
  await expect(send(post('gzip', broken))).rejects.toThrow('gone')
  const failing: App = () => Promise.reject(new Error('mine'))
  await expect(send(post('gzip', zlib.gzipSync('x')), {}, failing)).rejects.toThrow('mine')
})

it('serves two apps at once', async () => {
  const wrap = decompressRequest()
  const apps = ['a', 'b'].map((name) => wrap(async (request) => respond(name + (await request.text()))))
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const request = post('gzip', zlib.gzipSync(String(100 + i)))
      return (await apps[i % 2]!(request, testContext())).text()
    }),
  )
  expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => `${'ab'[i % 2]}${100 + i}`))
})

it.each([
  [{ limit: 0 }, 'decompressRequest.limit must be a whole number of bytes >= 1, got 0'],
  [{ limit: '1mb' }, 'decompressRequest.limit must be a whole number of bytes >= 1, got "1mb"'],
  [{ limit: Infinity }, 'decompressRequest.limit must be a whole number of bytes >= 1, got Infinity'],
  [{ ratio: 0.5 }, 'decompressRequest.ratio must be a number >= 1, got 0.5'],
  [{ ratio: NaN }, 'decompressRequest.ratio must be a number >= 1, got NaN'],
  [{ ratio: '100' }, 'decompressRequest.ratio must be a number >= 1, got "100"'],
  [{ size: 1 }, 'decompressRequest.size must be left out: there is no such option, but limit, ratio, got 1'],
  [null, 'decompressRequest must be an object of options, got null'],
  [
    echo,
    'decompressRequest(…) must be called with its options first, got a function echo(); write decompressRequest(options)(app), or decompressRequest(options) in compose()',
  ],
])('throws an OptionError for %j', (given: unknown, message) => {
  const make = decompressRequest as (options: unknown) => unknown
  expect(() => make(given)).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message }))
})
