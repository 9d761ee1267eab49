/**
 * The options, checked once and made into what a request needs.
 *
 * @module
 */
import * as zlib from 'node:zlib'
import type { ZlibOptions } from 'node:zlib'
import { checkOptions, OptionError } from '@outerware/core'
import { ResultCache } from './cache.ts'
import { checkCount, checkMembers, checkParams, checkWhole, listed } from './check.ts'
import { hasZstd, makeCodec, type Codec, type CodecOptions, type Encoding } from './codec.ts'
import { Dictionaries, isTrained, type Choose } from './dictionaries.ts'
import { hasDictionaries } from './dictionary-codec.ts'
import { negotiator } from './negotiate.ts'
import type { CompressionOptions } from './options.ts'
import { remembering, type Worth } from './worth.ts'

/** What `compression()` works with. */
export interface Settings {
  readonly threshold: number
  readonly syncThreshold: number
  readonly worth: Worth
  readonly choose: Choose
  readonly cache: ResultCache | undefined
  readonly maxConcurrent: number
  readonly breach: boolean
  readonly dictionaries: Dictionaries | undefined
  /** Nothing decides about a coding but Accept-Encoding and the response: no function, cookie, or dictionary. */
  readonly isPlain: boolean
}

const members: readonly (keyof CompressionOptions)[] = [
  'threshold',
  'filter',
  'encodings',
  'level',
  'memLevel',
  'windowBits',
  'brotli',
  'zstd',
  'syncThreshold',
  'enforceEncoding',
  'cache',
  'maxConcurrent',
  'breach',
  'dictionaries',
]

/** @throws OptionError for the first option that is wrong */
export function settingsOf(options: CompressionOptions): Settings {
  checkOptions('compression', options, members)
  const { threshold = 1024, syncThreshold = 32_768, filter } = options
  const { maxConcurrent, breach = false } = options
  checkCount('compression.threshold', threshold, 0, 'bytes')
  checkCount('compression.syncThreshold', syncThreshold, 0, 'bytes')
  if (maxConcurrent !== undefined) checkCount('compression.maxConcurrent', maxConcurrent, 0, 'streams')
  if (breach !== false && breach !== 'cookies')
    throw new OptionError('compression.breach', '"cookies" or false', breach)
  if (filter !== undefined && typeof filter !== 'function') {
    throw new OptionError('compression.filter', 'a function, (request, response) => boolean', filter)
  }
  const made = codecOptions(options)
  const codecs = makeCodecs(options, made)
  const choosing = (all: readonly Codec[]): Choose => negotiator(all, unasked(options, codecs))
  return {
    threshold,
    syncThreshold,
    worth: remembering(filter),
    choose: choosing(codecs),
    cache: makeCache(options),
    maxConcurrent: maxConcurrent ?? Infinity,
    breach: breach === 'cookies',
    dictionaries: makeDictionaries(options, made, (codec) => choosing([codec, ...codecs])),
    isPlain: filter === undefined && breach === false && options.dictionaries === undefined,
  }
}

function makeCache({ cache }: CompressionOptions): ResultCache | undefined {
  if (cache === undefined) return undefined
  checkMembers('compression.cache', cache, ['maxBytes'])
  checkCount('compression.cache.maxBytes', cache.maxBytes, 1, 'bytes')
  return new ResultCache(cache.maxBytes)
}

/** They are zstd's: where it is not offered, or Node has none with a dictionary, nothing is said and none is used. */
function makeDictionaries(
  { dictionaries, encodings = usual }: CompressionOptions,
  made: CodecOptions,
  choosing: (codec: Codec) => Choose,
): Dictionaries | undefined {
  if (dictionaries === undefined) return undefined
  checkMembers('compression.dictionaries', dictionaries, ['known', 'maxBytes'])
  const { known = [], maxBytes = 0 } = dictionaries
  checkCount('compression.dictionaries.maxBytes', maxBytes, 0, 'bytes')
  if (!Array.isArray(known)) throw new OptionError('compression.dictionaries.known', 'an array of bytes', known)
  known.forEach((bytes, i) => checkDictionary(`compression.dictionaries.known[${i}]`, bytes))
  if (!hasDictionaries || !encodings.includes('zstd')) return undefined
  return new Dictionaries(known, maxBytes, made, choosing)
}

function checkDictionary(option: string, bytes: Uint8Array): void {
  if (!ArrayBuffer.isView(bytes) || bytes.byteLength === 0) throw new OptionError(option, 'bytes, at least one', bytes)
  if (isTrained(bytes)) throw new OptionError(option, 'plain bytes, no dictionary trained by zstd', bytes)
}

const usual: readonly Encoding[] = ['zstd', 'br', 'gzip']
const possible: readonly string[] = [...usual, 'deflate']

function makeCodecs({ encodings = usual }: CompressionOptions, made: CodecOptions): Codec[] {
  if (!Array.isArray(encodings))
    throw new OptionError('compression.encodings', `an array of ${listed(possible)}`, encodings)
  encodings.forEach((name, i) => {
    if (!possible.includes(name)) throw new OptionError(`compression.encodings[${i}]`, listed(possible), name)
  })
  return encodings.map((name) => makeCodec(name, made)).filter((codec) => codec !== undefined)
}

function codecOptions(options: CompressionOptions): CodecOptions {
  const { brotli = {}, zstd = {}, breach } = options
  checkParams('brotli', brotli, () => zlib.brotliCompressSync('', brotli))
  checkParams('zstd', zstd, () => hasZstd && zlib.zstdCompressSync('', zstd))
  return { zlib: zlibOptions(options), brotli, zstd, pads: breach === 'cookies' }
}

/** The codec for a request that does not say what it takes. */
function unasked(options: CompressionOptions, codecs: readonly Codec[]): Codec | undefined {
  const { enforceEncoding = 'identity', encodings = usual } = options
  const allowed: readonly string[] = ['identity', ...encodings]
  if (!allowed.includes(enforceEncoding)) {
    throw new OptionError('compression.enforceEncoding', listed(allowed), enforceEncoding)
  }
  return codecs.find(({ coding }) => coding === enforceEncoding)
}

function zlibOptions({ level, memLevel, windowBits }: CompressionOptions): ZlibOptions {
  if (level !== undefined) checkWhole('compression.level', level, -1, 9)
  if (memLevel !== undefined) checkWhole('compression.memLevel', memLevel, 1, 9)
  if (windowBits !== undefined) checkWhole('compression.windowBits', windowBits, 9, 15)
  return {
    ...(level === undefined ? {} : { level }),
    ...(memLevel === undefined ? {} : { memLevel }),
    ...(windowBits === undefined ? {} : { windowBits }),
  }
}
