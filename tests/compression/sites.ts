import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestListener } from 'node:http'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import type { App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { compression, type CompressionOptions } from '@outerware/compression'
import { certificate } from '../support/certificate.ts'

/** A page that tells text in bytes of one, two, three and four, and where it may be split. */
export const page: string = 'Aé世🌍 Grüße, 世界!'
export const bytes: Buffer = Buffer.from(page)
/** The bytes of the first of two parts. */
export const splits: readonly number[] = Array.from(bytes, (_, at) => at)

/** The two parts of the page; the second comes when the first has long gone. */
async function* partsAt(at: number): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, at)
  await sleep(10)
  yield bytes.subarray(at)
}

const atOf = (url: string | undefined): number => Number(/\d+$/.exec(url ?? '')?.[0])
const type = 'text/plain; charset=utf-8'

const fetchApp: App = ({ url }) => {
  const parts = partsAt(atOf(url))
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done === true) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
  })
  return new Response(body, { headers: { 'content-type': type } })
}

function expressApp(): App {
  const app = express()
  app.get('/:at', async ({ path }, res) => {
    res.type(type)
    for await (const part of partsAt(atOf(path))) res.write(part)
    res.end()
  })
  return fromNode(app)
}

function koaApp(): App {
  const app = new Koa()
  app.use((ctx) => {
    ctx.type = type
    const body = new PassThrough()
    ctx.body = body
    const send = async (): Promise<void> => {
      for await (const part of partsAt(atOf(ctx.path))) body.write(part)
      body.end()
    }
    void send()
  })
  return fromNode(app.callback())
}

async function fastifyApp(): Promise<App> {
  const app = Fastify()
  app.get('/:at', async ({ url }, reply) => {
    reply.hijack()
    reply.raw.setHeader('content-type', type)
    for await (const part of partsAt(atOf(url))) reply.raw.write(part)
    reply.raw.end()
  })
  await app.ready()
  return fromNode((req, res) => app.routing(req, res))
}

/** `GET /<at>` gives the page in two parts, of which the first has that many bytes. */
export const sites: readonly (readonly [name: string, app: () => App | Promise<App>])[] = [
  ['a Fetch app', () => fetchApp],
  ['Express', expressApp],
  ['Koa', koaApp],
  ['Fastify', fastifyApp],
]

/** A server of both HTTP/2 and HTTP/1.1, by TLS. */
export interface Both {
  readonly url: string
  close(): Promise<void>
}

/** Starts an app behind `compression()` that codes streams however short they are. */
export async function startBoth(app: App, options: CompressionOptions = {}): Promise<Both> {
  const site = compression({ syncThreshold: 0, threshold: 0, ...options })(app)
  const server = createSecureServer({ ...certificate, allowHTTP1: true })
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => sessions.add(session))
  server.on('secureConnection', (socket) => sessions.add(socket))
  // The types of http2 tell its objects from those of http, which they can stand for.
  server.on('request', toNode(site, { onError: () => {} }) as RequestListener as never)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const session of sessions) session.destroy()
      await closed
    },
  }
}
