import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { compression, type CompressionOptions } from '@outerware/compression'
import { exchange, listen, type Listening } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { ask, expectCoded, open } from './http.ts'
import { decodeStream, settled, turns, watchCodecs } from './streams.ts'
import { decoder, noise, prose } from './support.ts'

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})

async function start(app: App, options?: CompressionOptions): Promise<Listening> {
  const site = await listen(toNode(compression(options)(app), { onError: () => {} }))
  toClose.push(site.close)
  return site
}

/** Asks over a socket that is not read. */
async function deaf({ port }: Listening, coding = 'gzip'): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').pause()
  toClose.push(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(`GET / HTTP/1.1\r\nHost: site.test\r\nAccept-Encoding: ${coding}\r\n\r\n`)
  return socket
}

/** The same app in the three ways that an app can stream; each takes its bytes from a source that is pulled. */
const plain = { 'content-type': 'text/plain' }
const apps: [name: string, over: (source: () => Readable) => App][] = [
  [
    'a Fetch app with a web stream',
    (source) => () => {
      const stream = source()
      const chunks = stream.iterator()
      return new Response(
        new ReadableStream<Uint8Array>({
          async pull(controller) {
            const { done, value } = await chunks.next()
            if (done === true) controller.close()
            else controller.enqueue(new Uint8Array(value))
          },
          cancel: () => void stream.destroy(),
        }),
        { headers: plain },
      )
    },
  ],
  ['a Fetch app with a Node stream', (source) => () => respond(source(), { headers: plain })],
  [
    'a Node app',
    (source) =>
      fromNode((_req, res) => {
        res.writeHead(200, plain)
        pipeline(source(), res, () => {})
      }),
  ],
]

// Hex digits of noise: half as long when coded, and longer than any window.
const bulk = Buffer.from(noise(1_048_576).toString('hex'))

/** Gives bytes for as long as it may, and counts them. */
class Endless extends PassThrough {
  given = 0
  override _read(): void {
    const at = this.given % bulk.byteLength
    this.given += 16_384
    this.push(bulk.subarray(at, at + 16_384))
  }
}

describe.each(apps)('%s', (_name, over) => {
  it.each(['gzip', 'br'])(
    'stops within a bounded number of bytes where the client stands still, by %s',
    async (coding) => {
      const source = new Endless()
      await deaf(await start(over(() => source)), coding)
      while (source.given < 1_000_000) await turns(1)
      await settled(
        () => source.given,
        // Most of it stands in the buffers of the kernel.
        (given) => expect(given).toBeLessThan(33_554_432),
      )
    },
  )

  it('hears that the client has left, and the codec is freed', async () => {
    const watch = watchCodecs()
    const source = new PassThrough()
    const site = await start(over(() => source))
    source.write('<head>')
    const message = await open(site.port, '/')
    expect(await decodeStream('gzip', message).next(6)).toBe('<head>')
    expect(watch.open).toBe(2)
    message.destroy()
    await new Promise((resolve) => source.once('close', resolve))
    await settled(
      () => watch.open,
      () => {},
    )
    // The other one decodes.
    expect(watch.open).toBe(1)
    watch.stop()
  })

  it('that fails half way breaks the response', async () => {
    const source = new PassThrough()
    const site = await start(over(() => source))
    source.write('<head>')
    const message = await open(site.port, '/')
    const reading = (async () => {
      for await (const _chunk of message) source.destroy(new Error('the database left'))
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('gives each event to the client while the next one is not there yet', async () => {
    const source = new PassThrough()
    const site = await start(over(() => source))
    source.write('data: 1\n\n')
    const events = decodeStream('gzip', await open(site.port, '/'))
    expect(await events.next(9)).toBe('data: 1\n\n')
    source.end('data: 2\n\n')
    expect(await events.next(9)).toBe('data: 2\n\n')
    expect(await events.next(1)).toBe('')
  })
})

describe('on the wire', () => {
  const whole: App = () => new Response(prose(8000), { headers: { etag: '"x"' } })
  const long: App = () => new Response(prose(300_000))

  it('a coded whole body has its length, a stream has chunks', async () => {
    expectCoded(await ask(await start(whole), '/'), prose(8000))
    const streamed = await ask(await start(long), '/')
    expectCoded(streamed, prose(300_000))
    expect(streamed.headers['transfer-encoding']).toBe('chunked')
  })

  it.each(['1.0', '1.1'])('a stream over HTTP/%s is whole when the connection ends', async (version) => {
    const { port } = await start(long)
    const head = `GET / HTTP/${version}\r\nHost: site.test\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`
    const { text, bytes } = await exchange(port, head)
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(text).toMatch(/\r\ncontent-encoding: gzip\r\n/i)
    const body = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
    const isChunked = /transfer-encoding: chunked/i.test(text)
    expect(isChunked).toBe(version === '1.1')
    if (!isChunked) expect(gunzipSync(body).toString()).toBe(prose(300_000))
  })

  it.each<[name: string, app: App]>([
    ['new Response', whole],
    ['respond()', () => respond(prose(8000), { headers: { etag: '"x"' } })],
    ['a Node app', fromNode((_req, res) => res.writeHead(200, { ...plain, etag: '"x"' }).end(prose(8000)))],
    [
      'a Node app without writeHead',
      fromNode((_req, res) => res.setHeader('etag', '"x"').setHeader('content-type', 'text/plain').end(prose(8000))),
    ],
  ])('HEAD has no body, and claims no length: %s', async (_name, app) => {
    const { text, end } = await exchange(
      (await start(app)).port,
      'HEAD / HTTP/1.1\r\nHost: site.test\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(text).toMatch(/\r\n\r\n$/)
    expect(text).toMatch(/etag: W\/"x"\r\n/i)
    expect(text).not.toMatch(/content-length|content-encoding/i)
    expect(end).toBe('fin')
  })

  it('fetch() decodes what it is given', async () => {
    const { url } = await start(long)
    for (const coding of ['gzip', 'br', 'deflate']) {
      const response = await fetch(url, { headers: { 'accept-encoding': coding } })
      expect(await response.text()).toBe(prose(300_000))
    }
  })
})

const bodies = { short: prose(3000), long: prose(500_000), noise: noise(100_000).toString('base64') }

// Decoders from other hands than ours, where they are installed.
describe.each([
  ['gzip', 'gzip'],
  ['brotli', 'br'],
  ['zstd', 'zstd'],
])('the program %s', (program, coding) => {
  const decode = decoder(program)
  const test = decode !== undefined && (coding !== 'zstd' || hasZstd) ? it : it.skip

  test.each(Object.entries(bodies))('decodes a %s body', async (_name, body) => {
    const site = await start(() => new Response(body))
    const answer = await ask(site, '/', { 'accept-encoding': coding })
    expect(answer.headers['content-encoding']).toBe(coding)
    expect(decode!(answer.bytes).toString()).toBe(body)
  })

  test('decodes a stream that was flushed in between', async () => {
    const source = new PassThrough()
    const site = await start(() => respond(source, { headers: plain }))
    const message = await open(site.port, '/', { 'accept-encoding': coding })
    const chunks: Buffer[] = []
    source.write('part 0')
    for await (const chunk of message) {
      if (chunks.push(chunk) < 5) source.write(`, part ${chunks.length}`)
      else source.end()
    }
    expect(decode!(Buffer.concat(chunks)).toString()).toBe('part 0, part 1, part 2, part 3, part 4')
  })
})

const curl = spawnSync('curl', ['--version'])
const withCurl = curl.status === 0 ? it : it.skip

withCurl.each(Object.entries(bodies))('curl --compressed takes a %s body', async (_name, body) => {
  const { url } = await start(() => new Response(body))
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--compressed', url], { maxBuffer: 2 ** 24 })
  expect(stdout).toBe(body)
})
