/**
 * How long a server-sent event takes from the app's write to its reader, compressed: by the clock of this process, which
 * runs the app and hears of each event. The next one is written some time after that, when all is still.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as zlib from 'node:zlib'
import { compression, type Encoding } from '@outerware/compression'
import { pathOf, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import express from 'express'
import { EVENTS_TYPE } from './compression-bodies.ts'
import { curl, openChromium, program, slow, type Hearer, type Reader } from './compression-readers.ts'

export const EVENTS_TITLE = 'Compression: a server-sent event, from the write to its reader'

const EVENTS = 5
const CONNECTIONS = 10
const PAUSE_MS = 20
/** What the first event may take. */
const MOST_MS = 50

/** One connection after the other, and the delays of its events in milliseconds. */
class Line implements Hearer {
  readonly first: number[] = []
  readonly later: number[] = []
  #count = 0
  #writtenAt = 0
  #write: (event: string) => void = () => {}
  #end: () => void = () => {}

  /** The first event is written at once. */
  open(write: (event: string) => void, end: () => void): void {
    this.#count = 0
    this.#write = write
    this.#end = end
    this.#next()
  }

  heard(): void {
    const delay = performance.now() - this.#writtenAt
    const delays = this.#count === 1 ? this.first : this.later
    delays.push(delay)
    setTimeout(() => (this.#count === EVENTS ? this.#end() : this.#next()), PAUSE_MS)
  }

  #next(): void {
    this.#count++
    this.#writtenAt = performance.now()
    this.#write(`data: ${this.#count}\n\n`)
  }
}

/** `/events`; `/heard`, by which a browser tells that it has one; and an empty page. */
function fetchApp(line: Line): App {
  const encoder = new TextEncoder()
  return (request) => {
    const path = pathOf(request)
    if (path === '/heard') line.heard()
    if (path !== '/events') return new Response('', { headers: { 'content-type': 'text/html' } })
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        line.open(
          (event) => controller.enqueue(encoder.encode(event)),
          () => controller.close(),
        ),
    })
    return new Response(body, { headers: { 'content-type': EVENTS_TYPE } })
  }
}

function expressApp(line: Line): App {
  const app = express()
  app.get('/events', (_req, res) => {
    res.type(EVENTS_TYPE)
    line.open(
      (event) => res.write(event),
      () => res.end(),
    )
  })
  app.get('/heard', (_req, res) => {
    line.heard()
    res.end()
  })
  app.use((_req, res) => void res.type('html').send(''))
  return fromNode(app)
}

/** Prints the median and the worst of all connections, to a Fetch app and to Express. */
export async function benchEvents(): Promise<void> {
  console.log(EVENTS_TITLE)
  console.log(`  ${'ms'.padEnd(34)} first   worst   later   worst`)
  const browser = existsSync(program) ? await openChromium() : undefined
  if (browser === undefined) console.log(`  Chromium is left out: there is no ${program}`)
  const hasCurl = spawnSync('curl', ['--version']).status === 0
  const readers: readonly (readonly [name: string, read: Reader | undefined])[] = [
    ['curl', hasCurl ? curl : undefined],
    ['a byte in each turn', slow],
    ['Chromium, and its answer', browser?.read],
  ]
  try {
    for (const [name, read] of readers)
      if (read !== undefined) for (const coding of codings) await row(name, read, coding)
  } finally {
    await browser?.close()
  }
  console.log()
}

const codings: readonly Encoding[] = 'createZstdDecompress' in zlib ? ['zstd', 'br', 'gzip'] : ['br', 'gzip']

async function row(name: string, read: Reader, coding: Encoding): Promise<void> {
  const line = new Line()
  for (const make of [fetchApp, expressApp]) {
    const server = createServer(toNode(compression({ encodings: [coding] })(make(line))))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const { port } = server.address() as AddressInfo
    for (let i = 0; i < CONNECTIONS; i++) await read(`http://localhost:${port}`, coding, line)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const { first, later } = line
  const figures = [median(first), Math.max(...first), median(later), Math.max(...later)]
  const columns = figures.map((ms) => ms.toFixed(1).padStart(7)).join(' ')
  console.log(
    `  ${`${name}, ${coding}`.padEnd(32)}${columns}   ${MOST_MS} ${median(first) <= MOST_MS ? 'held' : 'MISSED'}`,
  )
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1]!
}
