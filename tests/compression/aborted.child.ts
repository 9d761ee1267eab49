/**
 * A site whose clients leave as soon as something comes: so many downloads, then what is left of them.
 *
 *     node --expose-gc aborted.child.ts <downloads a round> <rounds>
 *
 * Prints a line of JSON for each round. Server and clients are one process, so that nothing can hide.
 */
import { createHook } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import { respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { compression } from '@outerware/compression'

/** What is left behind after a round. */
export interface Left {
  readonly downloads: number
  /** Bytes in memory, after a collection. */
  readonly resident: number
  /** Of them, what JavaScript objects take. */
  readonly heap: number
  /** Native objects of zlib that were made and are not closed: collecting them would be too late. */
  readonly codecs: number
  /** Sources that the app has opened and nobody has closed. */
  readonly sources: number
}

const [perRound, rounds] = process.argv.slice(2, 4).map(Number) as [number, number]
const codings = 'createZstdCompress' in zlib ? ['gzip', 'br', 'zstd'] : ['gzip', 'br']

let made = 0
let open = 0
createHook({
  init(_id, type, _trigger, handle: { close?(): void }) {
    if (type !== 'ZLIB') return
    const { close } = handle
    made++
    open++
    handle.close = () => {
      open--
      close?.call(handle)
    }
  },
}).enable()

const chunk = Buffer.from(randomBytes(1024).toString('hex'))
let sources = 0

/** Never comes to its end, but gives no more than a client takes that leaves at once. */
function endless(): Readable {
  sources++
  let count = 0
  return new Readable({
    read() {
      if (count++ < 10) this.push(chunk)
    },
    destroy(error, done) {
      sources--
      done(error)
    },
  })
}

const plain = { 'content-type': 'text/plain' }
const listener = fromNode((_req, res) => {
  res.writeHead(200, plain)
  pipeline(endless(), res, () => {})
})
const apps: App[] = [
  listener,
  () => respond(endless(), { headers: plain }),
  () => {
    const source = endless()
    const chunks = source.iterator()
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => controller.enqueue((await chunks.next()).value),
      cancel: () => void source.destroy(),
    })
    return new Response(body, { headers: plain })
  },
]
let count = 0
const site = compression()((request, context) => apps[count++ % apps.length]!(request, context))
const server = createServer(toNode(site, { onError: () => {} })).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const { port } = server.address() as AddressInfo

/** Asks, and leaves with the first bytes of a body. */
function download(coding: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET / HTTP/1.1\r\nHost: site.test\r\nAccept-Encoding: ${coding}\r\n\r\n`)
    })
    let size = 0
    socket.on('data', ({ byteLength }) => void ((size += byteLength) > 500 && socket.destroy()))
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}

async function round(): Promise<void> {
  let left = perRound
  const client = async (): Promise<void> => {
    while (left-- > 0) await download(codings[left % codings.length]!)
  }
  await Promise.all(Array.from({ length: 8 }, client))
}

/** Waits until all is closed, for a minute; then collects what nobody holds. */
async function closed(): Promise<void> {
  for (let tries = 0; tries < 3000 && (open > 0 || sources > 0); tries++) await sleep(20)
  for (let times = 0; times < 3; times++) {
    globalThis.gc!()
    await sleep(20)
  }
}

for (let i = 1; i <= rounds; i++) {
  const before = made
  await round()
  if (made - before < perRound * 0.9) throw new Error(`Only ${made - before} of ${perRound} were coded`)
  await closed()
  const { rss, heapUsed } = process.memoryUsage()
  const left: Left = {
    downloads: i * perRound,
    resident: rss,
    heap: heapUsed,
    codecs: open,
    sources,
  }
  console.log(JSON.stringify(left))
}
server.close()
process.exit()
