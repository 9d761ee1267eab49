import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { compose, fromHooks, respond } from '@outerware/core'
import { tracedSite } from '@outerware/recipes/opentelemetry/app'
import { telemetry, type Telemetry } from '@outerware/recipes/opentelemetry/telemetry'
import { layer, traced } from '@outerware/recipes/opentelemetry/traced'
import { listen, type Listening } from '../support/index.ts'
import { start, type Asks } from './start.ts'

/** A span as OTLP has it in JSON. */
interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code?: number }
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly events: readonly { readonly name: string }[]
}

const spans: Span[] = []
const services = new Set<string>()
const waiting: (() => void)[] = []
let collector: Listening
let sdk: Telemetry
let ask: Asks

beforeAll(async () => {
  collector = await listen(createServer((req, res) => void collect(req, res)))
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50'
  sdk = telemetry(`${collector.url}/v1/traces`)
  ask = await start(tracedSite(sdk.tracer))
})
afterAll(async () => {
  await sdk.stop()
  await collector.close()
})

async function collect(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body: any = await json(req)
  for (const { resource, scopeSpans } of body.resourceSpans) {
    services.add(resource.attributes.find(({ key }: { key: string }) => key === 'service.name').value.stringValue)
    spans.push(...scopeSpans.flatMap((scope: { spans: Span[] }) => scope.spans))
  }
  res.setHeader('content-type', 'application/json').end('{}')
  for (const go of waiting.splice(0)) go()
}

let traces = 0

/** Asks as a client that is traced itself, and waits for the span of the server, which is the last one to end. */
async function trace(path: string, send = ask): Promise<{ root: Span; tree: string; all: Span[] }> {
  const traceId = (++traces).toString(16).padStart(32, '0')
  await send(path, { headers: { traceparent: `00-${traceId}-00000000000000aa-01` } })
  return arrived(traceId)
}

async function arrived(traceId: string): ReturnType<typeof trace> {
  const own = (): Span[] => spans.filter((span) => span.traceId === traceId)
  const rooted = (): Span | undefined => own().find(({ parentSpanId }) => parentSpanId === '00000000000000aa')
  while (rooted() === undefined) await new Promise<void>((resolve) => waiting.push(resolve))
  const root = rooted()!
  const below = ({ spanId, name, status }: Span): string => {
    const inner = own().filter(({ parentSpanId }) => parentSpanId === spanId)
    return [`${name}${status.code === 2 ? '!' : ''}`, ...inner.map(below)].join(' ▸ ')
  }
  return { root, tree: below(root), all: own() }
}

const attribute = ({ attributes }: Span, key: string): unknown =>
  Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0]

describe('the opentelemetry recipe, with a collector', () => {
  it.each([
    ['/pilots/1', 200, 'GET ▸ errors ▸ securityHeaders ▸ staticFiles ▸ app ▸ look for a pilot'],
    ['/flag.txt', 200, 'GET ▸ errors ▸ securityHeaders ▸ staticFiles'],
    ['/nowhere', 404, 'GET ▸ errors ▸ securityHeaders ▸ staticFiles ▸ app'],
    // An exception marks every layer that it has passed, up to the one that made an answer of it.
    ['/pilots/13', 500, 'GET! ▸ errors ▸ securityHeaders! ▸ staticFiles! ▸ app!'],
  ])('%s, %d: %s', async (path, status, wanted) => {
    const { root, tree } = await trace(path)
    expect(tree).toBe(wanted)
    expect(attribute(root, 'http.response.status_code')).toBe(status)
  })

  it('says what was asked, by whom, without the query, and of which service', async () => {
    const { root } = await trace('/pilots/2?token=secret')
    expect(root.kind).toBe(2)
    expect(attribute(root, 'url.path')).toBe('/pilots/2')
    expect(attribute(root, 'client.address')).toBe('127.0.0.1')
    expect(attribute(root, 'outcome')).toBe('sent')
    expect(JSON.stringify(root)).not.toContain('secret')
    expect([...services]).toEqual(['pilots'])
  })

  it('ends with the last byte, and a layer when it has given its answer', async () => {
    const late = (): ReadableStream =>
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          await sleep(200)
          controller.enqueue(new Uint8Array(1))
          controller.close()
        },
      })
    const named = layer(sdk.tracer)
    const streaming = await start(compose(traced(sdk.tracer), named('layer', fromHooks({})))(() => respond(late())))
    const { root, all } = await trace('/', streaming)
    const inner = all.find((span) => span !== root)
    const after = BigInt(root.endTimeUnixNano) - BigInt(inner!.endTimeUnixNano)
    expect(after).toBeGreaterThan(100_000_000n)
  })

  it('keeps the requests apart that run at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => trace('/pilots/1')))
    expect(new Set(all.map(({ tree }) => tree))).toEqual(
      new Set(['GET ▸ errors ▸ securityHeaders ▸ staticFiles ▸ app ▸ look for a pilot']),
    )
    expect(all.map((one) => one.all.length)).toEqual(all.map(() => 6))
  })

  it('ends the span of a client that leaves: aborted', async () => {
    const endless = compose(traced(sdk.tracer))(() =>
      respond(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(65_536)) })),
    )
    const { running } = await start(endless)
    const traceId = 'f'.repeat(32)
    const socket = connect(running.port, '127.0.0.1').on('error', () => {})
    socket.write(`GET / HTTP/1.1\r\nHost: a.test\r\ntraceparent: 00-${traceId}-00000000000000aa-01\r\n\r\n`)
    await once(socket, 'data')
    socket.resetAndDestroy()
    const { root } = await arrived(traceId)
    expect([attribute(root, 'outcome'), root.status.code]).toEqual(['aborted', 0])
  })
})
