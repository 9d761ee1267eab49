import {
  connect,
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { certificate } from './certificate.ts'

/** A server that speaks HTTP/2, and one connection to it. */
export interface Http2Site {
  /** Sends the fields as they are given, and gives the answer. */
  ask(headers: OutgoingHttpHeaders): Promise<{ headers: IncomingHttpHeaders; body: string }>
  close(): Promise<void>
}

/** Serves by HTTP/2 on loopback, with TLS or without. */
export async function listenHttp2(listener: RequestListener, { secure = false } = {}): Promise<Http2Site> {
  // The compatibility API of Node passes for that of HTTP/1.
  const handler = listener as unknown as Parameters<typeof createServer>[1]
  const server = secure ? createSecureServer(certificate, handler!) : createServer(handler!)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const session = connect(`http${secure ? 's' : ''}://127.0.0.1:${port}`, { ca: certificate.cert })
  return {
    async ask(headers) {
      const stream = session.request(headers)
      const [[answered], body] = await Promise.all([once(stream, 'response'), text(stream.end())])
      return { headers: answered, body }
    },
    async close() {
      session.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
