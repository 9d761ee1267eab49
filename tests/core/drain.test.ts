import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { createGzip } from 'node:zlib'
import { afterEach, expect, it } from '@jest/globals'
import { filterBody, type BodyFilter, type Wrapper } from '@outerware/core'
import { fromNode, toNode, type NodeListener } from '@outerware/core/node'
import { listen, type Listening } from '../support/index.ts'

const CHUNK = 65_536
const chunk = Buffer.alloc(CHUNK, 'x')

/** Writes as `pipe` does: one chunk for each `drain`, more for as long as there is room; until `most` bytes. */
function endless(most = Infinity): { given: number; listener: NodeListener } {
  const app = {
    given: 0,
    listener: (_req, res) => {
      const give = (): void => {
        for (let ready = true; ready && app.given < most; app.given += CHUNK) ready = res.write(chunk)
        if (app.given >= most) res.end()
      }
      res.on('drain', give)
      give()
    },
  } satisfies { given: number; listener: NodeListener }
  return app
}

const through =
  (make: () => BodyFilter): Wrapper =>
  (app) =>
  async (request, context) =>
    filterBody(await app(request, context), make)

let site: Listening
let socket: Socket
afterEach(() => {
  socket.destroy()
  return site.close()
})

async function ask(wrapper: Wrapper, listener: NodeListener): Promise<void> {
  site = await listen(toNode(wrapper(fromNode(listener)), { onError: () => {} }))
  socket = connect(site.port, '127.0.0.1').pause()
  await once(socket, 'connect')
  socket.write('GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n')
}

it('a slow client does not fill the filter: a drain of the socket is not one of the app', async () => {
  // Gives small pieces of what it takes, so that the socket drains more often than the filter.
  const filter = createGzip({ level: 0 })
  let most = 0
  await ask(
    through(() => filter),
    endless(16_777_216).listener,
  )
  let size = 0
  for await (const part of socket) {
    size += part.length
    most = Math.max(most, filter.writableLength)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(size).toBeGreaterThan(16_777_216)
  // What the filter takes at once, and one chunk more.
  expect(most).toBeLessThanOrEqual(2 * CHUNK)
})

it.each([
  ['a Transform', () => new PassThrough()],
  ['a TransformStream', () => new TransformStream<Uint8Array, Uint8Array>()],
])('a client that stands still stops the app behind %s', async (_name, make) => {
  const app = endless()
  await ask(through(make), app.listener)
  // The kernel takes what it takes; after that, nothing moves.
  for (let before = -1; before !== app.given || before === 0;) {
    before = app.given
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(app.given).toBeLessThan(33_554_432)
  }
})

it('an app that waits for a reader hears that the reader has left', async () => {
  const app = endless(1_048_576)
  const ignoring: Wrapper = (inner) => async (request, context) => {
    const response = await inner(request, context)
    await response.body?.getReader().cancel()
    return new Response('other')
  }
  await ask(ignoring, app.listener)
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part)
  expect(String(Buffer.concat(parts))).toMatch(/\r\nother\r\n/)
  expect(app.given).toBe(1_048_576)
})
