import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { expect } from '@jest/globals'
import { respond } from '@outerware/core'
import { streamOf, turns } from '../support/index.ts'
import { broken, endless, FAR, init, type Endless } from './sources.ts'
import { asking, send, type Law, type Subject } from './subject.ts'

/** What may be under way between app and client, in bytes. */
const NEAR = 1_048_576

export const lawsOfBodies: Law[] = [
  {
    hosted: true,
    says: 'every byte of the body comes out, in order (3)',
    async check(subject) {
      const text = 'outerware '.repeat(1000)
      const halves = [text.slice(0, 5000), text.slice(5000)]
      for (const make of asking(subject)) {
        for (const response of [
          respond(text, init),
          new Response(text, init),
          respond(Buffer.from(text), init),
          respond(streamOf(...halves), init),
          respond(Readable.from(halves), init),
        ]) {
          const out = await send(subject, () => response, make())
          expect((await decoded(out)).toString()).toBe(text)
        }
      }
    },
  },
  {
    hosted: true,
    says: 'streams stay streams: bytes come out while the app still makes them (3)',
    check: (subject) =>
      overEndless(subject, async (reader, { made }) => {
        await read(reader, 65_536)
        expect(made()).toBeLessThan(FAR)
      }),
  },
  {
    hosted: true,
    says: 'backpressure goes inward: where nobody reads, the app stands still (3)',
    check: (subject) =>
      overEndless(subject, async (reader, { made }) => {
        await read(reader, 1)
        await turns()
        expect(made()).toBeLessThan(NEAR)
      }),
  },
  {
    hosted: true,
    says: 'a client that leaves frees the body (3)',
    check: (subject) =>
      overEndless(subject, async (reader, { freed }) => {
        await read(reader, 1)
        await reader.cancel()
        await turns()
        expect(freed()).toBe(true)
      }),
  },
  {
    hosted: true,
    says: 'a body that breaks comes out broken, and never looks whole (3)',
    async check(subject) {
      for (const make of asking(subject)) {
        for (const breaking of broken) {
          const out = await send(subject, () => breaking(new Error('law')), make())
          const ending = await out.arrayBuffer().then(
            () => 'whole',
            () => 'broken',
          )
          expect(ending).toBe('broken')
        }
      }
    },
  },
  {
    hosted: true,
    says: 'HEAD has no body, and 204, 205 and 304 have none either (2)',
    async check(subject) {
      const headers = { 'content-type': 'text/plain', etag: '"law"' }
      for (const make of asking(subject)) {
        for (const status of [200, 204, 205, 304]) {
          const method = status === 200 ? 'HEAD' : 'GET'
          for (const response of [respond(null, { status, headers }), new Response(null, { status, headers })]) {
            const out = await send(subject, () => response, make('/', { method }))
            expect([out.status, out.body]).toEqual([status, null])
          }
        }
      }
    },
  },
]

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Checks every kind of endless body, with every kind of request, as the client reads it. */
async function overEndless(subject: Subject, check: (reader: Reader, body: Endless) => Promise<void>): Promise<void> {
  for (const make of asking(subject)) {
    for (const start of endless) {
      const body = start()
      const out = await send(subject, () => body.response, make())
      expect(out.body).not.toBeNull()
      const reader = out.body!.getReader()
      try {
        await check(reader, body)
      } finally {
        await reader.cancel()
      }
    }
  }
}

/** Reads at least so many bytes. */
async function read(reader: Reader, bytes: number): Promise<void> {
  for (let got = 0; got < bytes;) {
    const { done, value } = await reader.read()
    expect(done).toBe(false)
    got += value!.byteLength
  }
}

async function decoded(response: Response): Promise<Buffer> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const coding = response.headers.get('content-encoding')
  if (coding === 'gzip') return gunzipSync(bytes)
  if (coding === 'br') return brotliDecompressSync(bytes)
  return coding === 'deflate' ? inflateSync(bytes) : bytes
}
