/**
 * Runs one kind against one server of HTTP/2, and keeps what client and app saw.
 *
 * @module
 */
import type { RequestListener } from 'node:http'
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { fastify } from '../apps/fastify.ts'
import { koa } from '../apps/koa.ts'
import { certificate } from '../harness/certificate.ts'
import type { Transform } from '../harness/compare.ts'
import { AppRecord } from '../harness/record.ts'
import { makeHttp2App } from './app.ts'
import { Client } from './client.ts'
import type { Http2Kind } from './kinds.ts'

export interface Http2Observation {
  /** For each stream its fields, its frames and its body. */
  readonly streams: readonly { readonly lines: string[]; readonly frames: string[]; readonly body: string }[]
  readonly record: readonly string[]
}

export async function observeHttp2(kind: Http2Kind, transform: Transform, secure: boolean): Promise<Http2Observation> {
  const record = new AppRecord()
  const { listener } = transform({ listener: await makeApp(kind, record) })
  const server = startable(secure, listener)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new Client((server.address() as AddressInfo).port, secure)
  try {
    const asked = [await kind.ask(client, record)].flat()
    await record.settled()
    for (let i = 0; i < 5; i++) await turn()
    const streams = asked.map(({ stream, lines, body }) => ({
      lines,
      frames: client.frames.of(stream.id),
      body: body().length > 1000 ? `${body().length} bytes` : body().toString(),
    }))
    return { streams, record: [...record.lines] }
  } finally {
    client.leave()
    for (const session of sessions) session.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}

async function makeApp({ app }: Http2Kind, record: AppRecord): Promise<RequestListener> {
  if (app === 'koa') return koa(record)
  return app === 'fastify' ? await fastify(record) : makeHttp2App(record)
}

export function startable(secure: boolean, listener: RequestListener): Http2Server {
  // What Node hands over in HTTP/2 passes for a request of HTTP/1, but its types say otherwise.
  const server = secure ? createSecureServer({ ...certificate, allowHTTP1: true }) : createServer()
  return server.on('request', listener as never)
}
