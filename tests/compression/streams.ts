import { createHook } from 'node:async_hooks'
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { jest } from '@jest/globals'
import type { Encoding } from '@outerware/compression'

/** Waits for turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits until a value has stood still while the thread pool, which zlib uses too, did some work. */
export async function settled(value: () => number, check: (value: number) => void): Promise<number> {
  const work = Buffer.alloc(65_536, 'work')
  for (let before = NaN; before !== value();) {
    before = value()
    check(before)
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => zlib.gzip(work, resolve))
      await turns(4)
    }
  }
  return value()
}

/** Coded text that is decoded as it comes. */
export interface Decoding {
  /** What has come so far, coded. */
  readonly coded: Buffer[]
  /** Waits until there are that many more characters, or the end, and takes them. */
  next(characters: number): Promise<string>
}

function decoderOf(coding: Encoding): Transform {
  if (coding === 'br') return zlib.createBrotliDecompress()
  if (coding === 'zstd') return zlib.createZstdDecompress()
  return coding === 'gzip' ? zlib.createGunzip() : zlib.createInflate()
}

/** Decodes as it comes; what is written to the decoder is what a browser has at that moment. */
export function decodeStream(coding: Encoding, body: AsyncIterable<Uint8Array>): Decoding {
  const decoder = decoderOf(coding)
  let text = ''
  let ended = false
  let wake = (): void => {}
  const coded: Buffer[] = []
  decoder.setEncoding('utf8')
  decoder.on('data', (part: string) => {
    text += part
    wake()
  })
  const end = (): void => {
    ended = true
    wake()
  }
  decoder.on('end', end)
  const feed = async (): Promise<void> => {
    for await (const chunk of body) {
      coded.push(Buffer.from(chunk))
      decoder.write(chunk)
    }
    decoder.end()
  }
  // A body that breaks off ends here, too.
  feed().catch(end)
  return {
    coded,
    async next(characters) {
      while (text.length < characters && !ended) await new Promise<void>((resolve) => (wake = resolve))
      const taken = text.slice(0, characters)
      text = text.slice(characters)
      return taken
    },
  }
}

/** Counts the zlib objects that are made from here on, and those of them that still hold memory. */
export interface CodecWatch {
  readonly made: number
  readonly open: number
  stop(): void
}

export function watchCodecs(): CodecWatch {
  const handles: object[] = []
  const hook = createHook({
    init(_id, type, _trigger, handle) {
      if (type === 'ZLIB') handles.push(handle)
    },
  }).enable()
  return {
    get made() {
      return handles.length
    },
    get open() {
      return handles.filter((handle) => !ownerOf(handle).destroyed).length
    },
    stop: () => void hook.disable(),
  }
}

/** Counts the flushes of all zlib objects from here on. */
export function watchFlushes(): { readonly count: number; stop(): void } {
  // The class that all codecs come from is not exported.
  let base: { flush?: unknown } = zlib.Gzip.prototype
  while (!Object.hasOwn(base, 'flush')) base = Object.getPrototypeOf(base)
  const flush = jest.spyOn(base as zlib.Gzip, 'flush')
  return {
    get count() {
      return flush.mock.calls.length
    },
    stop: () => flush.mockRestore(),
  }
}

/** The stream that a native handle belongs to; its memory goes when it is destroyed. */
function ownerOf(handle: object): { readonly destroyed: boolean } {
  const symbol = Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol')
  return Object.getOwnPropertyDescriptor(handle, symbol!)!.value
}
