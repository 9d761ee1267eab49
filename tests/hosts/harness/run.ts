/**
 * Runs one kind against one server on a free port, and keeps all that client and app saw.
 *
 * @module
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createSecureServer as createBoth } from 'node:http2'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { certificate } from './certificate.ts'
import { ready, type Kind, type Run } from './kind.ts'
import { fieldOf, type Message } from './message.ts'
import { whenStill } from './patience.ts'
import { AppRecord, describeError } from './record.ts'
import { Wire, type Ending } from './wire.ts'

/** What one run has shown. */
export interface Observation {
  readonly connections: readonly Connection[]
  readonly record: readonly string[]
  /** What went wrong with the script: a time out, an end before its time. */
  readonly trouble: string | undefined
}

export interface Connection {
  readonly received: Buffer
  readonly methods: readonly string[]
  readonly ending: Ending
}

/** What an app puts on a server. */
export interface Host {
  readonly listener: RequestListener
  readonly upgrade?: UpgradeListener
}

export type UpgradeListener = (req: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Makes the server of a kind. */
export type MakeServer = (options: ServerOptions) => { readonly server: Server; readonly secure: boolean }

/**
 * @param host makes the app's listeners, bare or wrapped, with a record to write to
 * @param make makes another server than the one that the kind asks for
 */
export async function observe(
  kind: Kind,
  host: (record: AppRecord) => Promise<Host>,
  make: MakeServer = kind.secure ? overTls : inTheClear,
): Promise<Observation> {
  const record = new AppRecord()
  const { server, secure } = make(kind.options ?? {})
  prepare(server, kind, await host(record))
  kind.server?.(server, { record })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wires: Wire[] = []
  const connect = (): Wire => {
    const wire = new Wire((server.address() as AddressInfo).port, secure)
    wires.push(wire)
    return wire
  }
  const state = (): string => [record.lines.length, ...wires.map(({ progress }) => progress)].join()
  const trouble = await play(kind, connect(), { record, server, connect }, state)
  // Read before leaving: what the client does last must not be taken for the server's deed.
  const connections = wires.map((wire) => ({ received: wire.received, methods: wire.methods, ending: wire.ending }))
  for (const wire of wires) wire.leave()
  await stop(server, record)
  return { connections, record: record.lines, trouble }
}

const inTheClear: MakeServer = (options) => ({ server: createServer(options), secure: false })

const overTls: MakeServer = (options) => ({ server: createSecureServer({ ...certificate, ...options }), secure: true })

/** The side of HTTP/1 of a server that speaks HTTP/2, too. */
export const overTlsOrHttp2: MakeServer = (options) => {
  const server = createBoth({ ...certificate, ...options, allowHTTP1: true })
  // What it has of a server of HTTP/1 is all that the harness and the kinds use.
  return { server: server as unknown as Server, secure: true }
}

function prepare(server: Server, kind: Kind, host: Host): void {
  // Node's own five seconds may run out between two requests on a machine that is busy.
  server.keepAliveTimeout = 120_000
  for (const event of kind.events ?? ['request']) server.on(event, host.listener)
  if (kind.upgrades && host.upgrade) server.on('upgrade', host.upgrade)
}

async function play(kind: Kind, wire: Wire, run: Run, state: () => string): Promise<string | undefined> {
  let stop = (): void => {}
  const hangs = new Promise<never>((_, reject) => {
    stop = whenStill(state, () => reject(new Error('it hangs')))
  })
  try {
    await Promise.race([hangs, kind.script ? kind.script(wire, run) : ask(kind, wire)])
    return undefined
  } catch (error) {
    return describeError(error)
  } finally {
    stop()
  }
}

/** One request, its response, and a second request on the same connection, if there still is one. */
async function ask(kind: Kind, wire: Wire): Promise<void> {
  const bytes = kind.sends ?? ''
  wire.send(bytes)
  await endWithReady(wire, await wire.response(bytes.split(' ', 1)[0]))
}

/** Shows that the connection is fit for one request more, or that the server closes it, as the last response said. */
export async function endWithReady(wire: Wire, last: Message): Promise<void> {
  const closes = last.framing === 'close' || fieldOf(last, 'connection')?.toLowerCase() === 'close'
  if (!closes) {
    wire.send(ready)
    await wire.response()
  }
  await wire.closed()
}

async function stop(server: Server, record: AppRecord): Promise<void> {
  const closed = new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
  const giveUp = (): void => {
    record.add('server: a connection was left open')
    server.closeAllConnections()
  }
  const settled = whenStill(() => '', giveUp, 20)
  await closed
  settled()
  await record.settled()
  // The last events of the objects come a turn after their socket's.
  for (let i = 0; i < 3; i++) await turn()
}
