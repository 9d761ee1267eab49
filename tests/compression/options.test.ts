import { constants, gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { compression, compressionHooks, type CompressionOptions } from '@outerware/compression'
import { respond } from '@outerware/core'
import { get, hello, testContext } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { ask, bytesOf, plain, prose } from './support.ts'

const QUALITY = constants.BROTLI_PARAM_QUALITY
const WINDOW = constants.BROTLI_PARAM_LGWIN
const LARGE = constants.BROTLI_PARAM_LARGE_WINDOW
const ZSTD_WINDOW = constants.ZSTD_c_windowLog
const names =
  'threshold, filter, encodings, level, memLevel, windowBits, brotli, zstd, syncThreshold, enforceEncoding, ' +
  'cache, maxConcurrent, breach, dictionaries'

type Case = [given: unknown, message: string]

const wrong: Case[] = [
  [
    hello,
    'compression(…) must be called with its options first, got a function hello(); write compression(options)(app), or compression(options) in compose()',
  ],
  [null, 'compression must be an object of options, got null'],
  [5, 'compression must be an object of options, got 5'],
  [['gzip'], 'compression must be an object of options, got ["gzip"]'],
  [
    { treshold: 1 },
    `compression.treshold must be threshold, or left out: there is no such option, but ${names}, got 1`,
  ],
  [{ threshold: -1 }, 'compression.threshold must be a whole number of bytes >= 0, got -1'],
  [{ threshold: '1kb' }, 'compression.threshold must be a whole number of bytes >= 0, got "1kb"'],
  [{ threshold: 0.5 }, 'compression.threshold must be a whole number of bytes >= 0, got 0.5'],
  [{ threshold: NaN }, 'compression.threshold must be a whole number of bytes >= 0, got NaN'],
  [{ threshold: null }, 'compression.threshold must be a whole number of bytes >= 0, got null'],
  [{ syncThreshold: Infinity }, 'compression.syncThreshold must be a whole number of bytes >= 0, got Infinity'],
  [{ cache: true }, 'compression.cache must be an object with maxBytes, got true'],
  [{ cache: {} }, 'compression.cache.maxBytes must be a whole number of bytes >= 1, got undefined'],
  [{ cache: { maxBytes: 0 } }, 'compression.cache.maxBytes must be a whole number of bytes >= 1, got 0'],
  [{ cache: { max: 1 } }, 'compression.cache.max must be left out: there is no such option, but maxBytes, got 1'],
  [{ maxConcurrent: -1 }, 'compression.maxConcurrent must be a whole number of streams >= 0, got -1'],
  [{ maxConcurrent: Infinity }, 'compression.maxConcurrent must be a whole number of streams >= 0, got Infinity'],
  [{ breach: true }, 'compression.breach must be "cookies" or false, got true'],
  [{ dictionaries: true }, 'compression.dictionaries must be an object with known, maxBytes, got true'],
  [
    { dictionaries: { max: 1 } },
    'compression.dictionaries.max must be left out: there is no such option, but known, maxBytes, got 1',
  ],
  [
    { dictionaries: { maxBytes: -1 } },
    'compression.dictionaries.maxBytes must be a whole number of bytes >= 0, got -1',
  ],
  [{ dictionaries: { known: 'x' } }, 'compression.dictionaries.known must be an array of bytes, got "x"'],
  [{ dictionaries: { known: ['x'] } }, 'compression.dictionaries.known[0] must be bytes, at least one, got "x"'],
  [{ filter: /json/ }, 'compression.filter must be a function, (request, response) => boolean, got /json/'],
  [{ level: 10 }, 'compression.level must be a whole number from -1 to 9, got 10'],
  [{ level: 'best' }, 'compression.level must be a whole number from -1 to 9, got "best"'],
  [{ memLevel: 0 }, 'compression.memLevel must be a whole number from 1 to 9, got 0'],
  [{ windowBits: 8 }, 'compression.windowBits must be a whole number from 9 to 15, got 8'],
  [{ encodings: 'gzip' }, 'compression.encodings must be an array of "zstd", "br", "gzip" or "deflate", got "gzip"'],
  [
    { encodings: ['gzip', 'brotli'] },
    'compression.encodings[1] must be "zstd", "br", "gzip" or "deflate", got "brotli"',
  ],
  [{ encodings: ['BR'] }, 'compression.encodings[0] must be "zstd", "br", "gzip" or "deflate", got "BR"'],
  [
    { enforceEncoding: 'deflate' },
    'compression.enforceEncoding must be "identity", "zstd", "br" or "gzip", got "deflate"',
  ],
  [
    { enforceEncoding: 'br', encodings: ['gzip'] },
    'compression.enforceEncoding must be "identity" or "gzip", got "br"',
  ],
  [{ brotli: 4 }, 'compression.brotli must be an object with params, got 4'],
  [
    { brotli: { quality: 4 } },
    'compression.brotli.quality must be left out: there is no such option, but params, got 4',
  ],
  [
    { brotli: { params: { [QUALITY]: 12 } } },
    'compression.brotli.params[BROTLI_PARAM_QUALITY] must be a whole number from 0 to 11, got 12',
  ],
  [
    { brotli: { params: { [WINDOW]: 25 } } },
    'compression.brotli.params[BROTLI_PARAM_LGWIN] must be a whole number from 10 to 24, got 25',
  ],
  [{ brotli: { params: { [LARGE]: 1 } } }, 'compression.brotli.params[BROTLI_PARAM_LARGE_WINDOW] must be 0, got 1'],
  [
    { brotli: { params: { quality: 4 } } },
    'compression.brotli.params must be what node:zlib takes (quality is not a valid Brotli parameter), got {"quality":4}',
  ],
  [{ zstd: 'fast' }, 'compression.zstd must be an object with params, got "fast"'],
  [{ zstd: { level: 3 } }, 'compression.zstd.level must be left out: there is no such option, but params, got 3'],
]

const wrongForZstd: Case[] = [
  [
    { zstd: { params: { [ZSTD_WINDOW]: 27 } } },
    'compression.zstd.params[ZSTD_c_windowLog] must be a whole number from 10 to 23, got 27',
  ],
  [
    { zstd: { params: { level: 3 } } },
    'compression.zstd.params must be what node:zlib takes (level is not a valid zstd parameter), got {"level":3}',
  ],
]

describe.each([
  ['compression', compression],
  ['compressionHooks', compressionHooks],
])('%s refuses, when it is made,', (_name, make) => {
  it.each(hasZstd ? [...wrong, ...wrongForZstd] : wrong)('%j: %s', (given, message) => {
    let thrown: unknown
    try {
      make(given as CompressionOptions)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'OptionError', code: 'ERR_OPTION', message })
  })
})

const text = prose(4000)
const sizeWith = async (options: CompressionOptions, coding = 'gzip'): Promise<number> => {
  // Text that one coding can make smaller than another.
  const body = Array.from({ length: 1500 }, (_, i) => `${i}: ${(i * 7919) % 1000} rows`).join('\n')
  const response = await ask(() => respond(body), { 'accept-encoding': coding }, options)
  expect(await plain(response.clone())).toBe(body)
  return (await bytesOf(response)).byteLength
}

describe.each([
  ['whole', 65_536],
  ['streamed', 0],
])('%s', (_name, syncThreshold) => {
  it.each(['gzip', 'deflate'] as const)('level reaches %s', async (coding) => {
    const at = (level: number): Promise<number> => sizeWith({ level, syncThreshold, encodings: [coding] }, coding)
    expect(await at(9)).toBeLessThan(await at(1))
    expect(await at(-1)).toBe(await at(6))
  })

  it('windowBits and memLevel reach gzip', async () => {
    const usual = await sizeWith({ syncThreshold })
    expect(await sizeWith({ windowBits: 9, syncThreshold })).not.toBe(usual)
    expect(await sizeWith({ memLevel: 1, syncThreshold })).not.toBe(usual)
  })

  it('params reach brotli', async () => {
    const at = (quality: number): Promise<number> =>
      sizeWith({ brotli: { params: { [QUALITY]: quality } }, syncThreshold }, 'br')
    expect(await at(9)).toBeLessThan(await at(1))
    expect(await sizeWith({ syncThreshold }, 'br')).toBe(await at(4))
  })

  const withZstd = hasZstd ? it : it.skip
  withZstd('params reach zstd', async () => {
    const at = (level: number): Promise<number> =>
      sizeWith({ zstd: { params: { [constants.ZSTD_c_compressionLevel]: level } }, syncThreshold }, 'zstd')
    expect(await at(15)).not.toBe(await at(1))
    expect(await sizeWith({ syncThreshold }, 'zstd')).toBe(await at(3))
  })
})

it('threshold 0 codes whatever gets smaller', async () => {
  const response = await ask(() => new Response('a'.repeat(100)), undefined, { threshold: 0 })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect((await ask(() => new Response('hi'), undefined, { threshold: 0 })).headers.get('content-encoding')).toBeNull()
})

it('options that are undefined are the defaults', async () => {
  const unset = { threshold: undefined, level: undefined, brotli: undefined, encodings: undefined, filter: undefined }
  const response = await ask(() => new Response(text), undefined, unset as unknown as CompressionOptions)
  expect(response.headers.get('content-encoding')).toBe('gzip')
})

it('no encodings at all is no compression, but for Vary', async () => {
  const response = await ask(() => new Response(text), undefined, { encodings: [] })
  expect(response.headers.get('content-encoding')).toBeNull()
})

it('compressionHooks are the same engine', async () => {
  const hooks = compressionHooks({ encodings: ['gzip'] })
  expect(hooks.request!(get('/'), testContext())).toBeUndefined()
  const response = await hooks.response!(new Response(text), get('/', { 'accept-encoding': 'br, gzip' }), testContext())
  expect(gunzipSync(await bytesOf(response)).toString()).toBe(text)
})
