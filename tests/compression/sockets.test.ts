import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { toNode, type NodeListener } from '@outerware/core/node'
import { compression } from '@outerware/compression'
import { exchange, listen, type Listening } from '../support/index.ts'
import { around, ask } from './http.ts'
import { settled, watchCodecs, type CodecWatch } from './streams.ts'
import { decoder, noise, prose } from './support.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function start(site: Promise<Listening>): Promise<Listening> {
  open.push(await site)
  return site
}

/** Asks over a socket that is not read. */
async function deaf({ port }: Listening): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  open.push({ close: () => socket.destroy() })
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: site.test\r\nAccept-Encoding: gzip\r\n\r\n')
  await once(socket, 'connect')
  return socket
}

const bulk = Buffer.from(noise(1_048_576).toString('hex'))
const chunkAt = (given: number): Buffer => bulk.subarray(given % bulk.byteLength, (given % bulk.byteLength) + 16_384)

/** Apps that give bytes for as long as they may, and count them. */
function endless(): { given: number; left: boolean; fetch: App; node: NodeListener } {
  const self = {
    given: 0,
    left: false,
    fetch: () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            const chunk = new Uint8Array(chunkAt(self.given))
            self.given += chunk.byteLength
            controller.enqueue(chunk)
          },
          cancel: () => void (self.left = true),
        }),
        { headers: { 'content-type': 'text/plain' } },
      ),
    node: (_req, res) => {
      res.setHeader('content-type', 'text/plain')
      const give = (): void => {
        for (let ready = true; ready && !self.left; self.given += 16_384) ready = res.write(chunkAt(self.given))
      }
      res.on('drain', give)
      res.on('close', () => (self.left = true))
      give()
    },
  } satisfies { given: number; left: boolean; fetch: App; node: NodeListener }
  return self
}

const sites = {
  'a Fetch app': (app: ReturnType<typeof endless>) => listen(toNode(compression()(app.fetch), { onError: () => {} })),
  'a Node app': (app: ReturnType<typeof endless>) => around(app.node),
}

describe.each(Object.entries(sites))('%s, behind a client', (_name, site) => {
  it('that stands still, stops within a bounded number of bytes', async () => {
    const app = endless()
    await deaf(await start(site(app)))
    while (app.given === 0) await once(process, 'x', { signal: AbortSignal.timeout(1) }).catch(() => {})
    const given = await settled(
      () => app.given,
      // Most of it stands in the buffers of the kernel.
      (sofar) => expect(sofar).toBeLessThan(20_000_000),
    )
    expect(given).toBeGreaterThan(0)
    console.log(given)
  })
})
