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
const wanted = wrappings.filter(({ name }) => name !== 'nested')

describe.each(wanted)('$name', (wrapping) => {
  it.each(kinds.filter(({ exempt }) => exempt?.[wrapping.name] === undefined))('$name', (kind) => compare(kind, wrapping))
})

describe('over TLS, with allowHTTP1', () => {
  const pass = wrappings.find(({ name }) => name === 'async')!
  it.each(kinds)('$name', (kind) => compare(kind, pass, true))
})

async function compare(kind: Http2Kind, wrapping: Wrapping, secure = false): Promise<void> {
  const bare = await observeHttp2(kind, asItIs, secure)
  const outside = await observeHttp2(kind, wrapping.wrapped, secure)
  expect(viewOf(outside, wrapping)).toEqual(viewOf(bare, wrapping))
}

function viewOf({ streams, record }: Http2Observation, { closeness }: Wrapping): unknown {
  const { added, wire } = closeness
  const field = added === undefined ? undefined : `,${JSON.stringify(added.split(': '))}`
  const shown = streams.map(({ lines, frames, body }) => ({
    lines: field === undefined ? lines : lines.map((line) => line.replace(field, '')),
    frames: wire === 'bytes' ? frames : frames.filter((frame) => !frame.startsWith('DATA')),
    body,
  }))
  return { streams: shown, record: arrange(record, closeness.record) }
}

/** See `Closeness`: what app, req and res did, each in its own order. */
function arrange(record: readonly string[], order: string): string[] {
  const kept = order === 'ends' ? record.filter((line) => /^#\d+ (req|res) /.test(line)) : [...record]
  return kept.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))
}

function keyOf(line: string): string {
  return line.split(' ', 2).join(' ')
}
