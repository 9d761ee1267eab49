/**
 * The same over HTTP/2, bare against wrapped: fields, frames, bodies, resets, and what the app itself saw.
 */
import { describe, expect, it } from '@jest/globals'
import type { Transform } from './harness/compare.ts'
import { muteConsole } from './harness/quiet.ts'
import { wrappings, type Wrapping } from './harness/wrappings.ts'
import { kinds, type Http2Kind } from './http2/kinds.ts'
import { observeHttp2, type Http2Observation } from './http2/observe.ts'

muteConsole()

const asItIs: Transform = (host) => host
// Express knows no HTTP/2, so there is no onion inside it.
const names: readonly string[] = ['pass', 'ten async', 'slow', 'header', 'rebuild', 'native']
const bare = new Map<Http2Kind, Promise<Http2Observation>>()

describe.each(wrappings.filter(({ name }) => names.includes(name)))('$name', (wrapping) => {
  it.each(kinds.filter(({ notRebuilt }) => wrapping.name !== 'rebuild' || notRebuilt === undefined))('$name', (kind) =>
    compare(kind, wrapping),
  )
})

describe('over TLS, with allowHTTP1', () => {
  const pass = wrappings.find(({ name }) => name === 'async')!
  it.each(kinds)('$name', (kind) => compare(kind, pass, true))
})

async function compare(kind: Http2Kind, wrapping: Wrapping, secure = false): Promise<void> {
  const outside = await observeHttp2(kind, wrapping.wrapped, secure)
  const alone = await (secure ? observeHttp2(kind, asItIs, true) : observeBare(kind))
  expect(viewOf(kind, outside, wrapping)).toEqual(viewOf(kind, alone, wrapping))
}

function observeBare(kind: Http2Kind): Promise<Http2Observation> {
  const observed = bare.get(kind) ?? observeHttp2(kind, asItIs, false)
  bare.set(kind, observed)
  return observed
}

function viewOf(kind: Http2Kind, { streams, record }: Http2Observation, { closeness }: Wrapping): unknown {
  const { added, wire, record: order } = closeness
  const shown = streams.map(({ lines, frames, body }) => ({
    heads: lines.map((line) => withoutAdded(line, added)).map((line) => (wire === 'bytes' ? line : sorted(line))),
    frames: framesOf(frames, wire === 'meaning' || kind.untimed === true),
    body: kind.untimed ? '' : body,
  }))
  const lines = kind.untimed ? record.map((line) => line.replace(/writableFinished=\w+/, '')) : record
  return { streams: shown, record: arrange(lines, order) }
}

function withoutAdded(line: string, added: string | undefined): string {
  return added === undefined ? line : line.replace(`,${JSON.stringify(added.split(': '))}`, '')
}

/** The order of fields is the server's own business where a wrapper makes another Response. */
function sorted(head: string): string {
  return head.replace(/\[\[.*/, (fields) => JSON.stringify(JSON.parse(fields).map(String).toSorted()))
}

/** Where a wrapper makes another body, an empty one may end its stream in a frame of its own. */
function framesOf(frames: readonly string[], loosely: boolean): readonly string[] {
  if (!loosely) return frames
  return frames.filter((frame) => !frame.startsWith('DATA')).map((frame) => frame.replace(' END_STREAM', ''))
}

/** See `Closeness`: what app, req and res did, each in its own order. */
function arrange(record: readonly string[], order: Wrapping['closeness']['record']): string[] {
  const kept = order === 'ends' ? record.filter((line) => /^#\d+ (req|res) /.test(line)) : record
  return kept.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))
}

function keyOf(line: string): string {
  return line.split(' ', 2).join(' ')
}
