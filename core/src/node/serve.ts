/**
 * A server around an App, and its graceful stop.
 *
 * @module
 */
import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createSecureServer, type ServerOptions as SecureServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { App } from '../app.ts'
import { OptionError } from '../option-error.ts'
import type { Host } from './context.ts'
import { checkOptions, hostFor, listenerFor, optionNames, type ToNodeOptions } from './to-node.ts'
import { upgradeListenerFor } from './upgrade.ts'

/** Options of {@link serve}. */
export interface ServeOptions extends ToNodeOptions {
  /**
   * 0 takes a free one.
   *
   * @default `PORT` of the environment, else 3000
   */
  readonly port?: number
  /**
   * Address or name to listen on, such as `127.0.0.1` for this machine only.
   *
   * @default every address
   */
  readonly hostname?: string
  /** Key and certificate, and whatever else `https.createServer` takes: then it speaks https. */
  readonly tls?: SecureServerOptions
  /** Options of `http.createServer`, such as `keepAliveTimeout`; they count with `tls`, too. */
  readonly server?: ServerOptions
  /**
   * Signals that stop the server gracefully, after which they do what they always do. `false` leaves them alone.
   *
   * @default ['SIGINT', 'SIGTERM']
   */
  readonly signals?: readonly NodeJS.Signals[] | false
  /**
   * How long a stop may wait for requests and background tasks. Unit: milliseconds.
   *
   * @default 10_000
   */
  readonly stopTimeoutMs?: number
}

/** A server that runs. */
export interface Running {
  /** Where it is reached, without a slash at the end: `http://localhost:3000`. */
  readonly url: string
  readonly port: number
  readonly server: Server
  /**
   * Accepts no more connections, finishes what is running, waits for the tasks of `waitUntil`, and resolves.
   * After `stopTimeoutMs` what is left is cut. Called twice it is the same stop.
   */
  stop(): Promise<void>
}

/**
 * Starts a server around an app. Resolves when it listens.
 *
 * @throws {@link OptionError} `serve.port` and others, at once; the promise rejects with Node's error, such as
 *   `EADDRINUSE`, when the port cannot be had
 * @example
 * const { url, stop } = await serve(site, { port: 3000 })
 */
export async function serve(app: App, options: ServeOptions = {}): Promise<Running> {
  const { port = portOfEnvironment(), hostname, tls, signals = ['SIGINT', 'SIGTERM'] } = options
  const { stopTimeoutMs = 10_000 } = options
  checkOptions('serve', app, options, names)
  checkNumbers(port, stopTimeoutMs)
  const host = hostFor(options)
  const listener = listenerFor(app, options, host)
  const server =
    tls === undefined
      ? createServer(options.server ?? {}, listener)
      : createSecureServer({ ...options.server, ...tls }, listener)
  server.on('upgrade', upgradeListenerFor(app, options, host))
  const connections = connectionsOf(server, tls === undefined ? 'connection' : 'secureConnection')
  await listening(server, port, options)
  const bound = portOf(server)

  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= stopGracefully(server, host, stopTimeoutMs, connections))
  if (signals !== false) stopOn(signals, server, stop)
  const name = hostname === undefined || hostname === '0.0.0.0' || hostname === '::' ? 'localhost' : hostname
  const url = `${tls === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${bound}`
  return { url, port: bound, server, stop }
}

const names = ['port', 'hostname', 'tls', 'server', 'signals', 'stopTimeoutMs', ...optionNames]

function portOfEnvironment(): number {
  const { PORT = '3000' } = process.env
  if (!/^\d+$/.test(PORT)) throw new OptionError('PORT, of the environment,', 'a whole number from 0 to 65535', PORT)
  return Number(PORT)
}

function checkNumbers(port: number, stopTimeoutMs: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new OptionError('serve.port', 'a whole number from 0 to 65535', port)
  }
  if (!(stopTimeoutMs >= 0)) throw new OptionError('serve.stopTimeoutMs', 'milliseconds >= 0', stopTimeoutMs)
}

function listening(server: Server, port: number, { hostname, port: named }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(withAdvice(error, port, named !== undefined))
    server.once('error', refuse)
    server.listen({ port, ...(hostname === undefined ? {} : { host: hostname }) }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

/** Node's own error, which says in its message what to write as well. */
function withAdvice(error: NodeJS.ErrnoException, port: number, isNamed: boolean): NodeJS.ErrnoException {
  const isTaken = error.code === 'EADDRINUSE'
  if (isTaken || error.code === 'EACCES') {
    const free = port < 1024 ? 8080 : port + 1
    const why = isTaken ? `Another program listens on port ${port}` : `This user may not listen on port ${port}`
    // Whoever names a port has not asked the environment; by what name they have it is theirs to know.
    const write = isNamed ? `Take another one, such as ${free}` : `Write PORT=${free}, or serve(app, { port: ${free} })`
    error.message += `. ${why}. ${write}; 0 takes a free one`
  }
  return error
}

function portOf(server: Server): number {
  // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on a port, not on a pipe
  return (server.address() as AddressInfo).port
}

interface Connections {
  /**
   * Closes those on which nothing was asked yet. Browsers open connections in advance; Node takes them for busy, and a
   * stop would wait for their time out.
   */
  closeSilent(): void
  /** Cuts all that are left, those that were upgraded included: Node knows nothing of them any more. */
  cutAll(): void
}

function connectionsOf(server: Server, event: 'connection' | 'secureConnection'): Connections {
  const open = new Map<Socket, number>()
  server.on(event, (socket: Socket) => {
    open.set(socket, socket.bytesRead)
    socket.once('close', () => open.delete(socket))
  })
  return {
    closeSilent() {
      for (const [socket, bytesRead] of open) if (socket.bytesRead === bytesRead) socket.destroy()
    },
    cutAll() {
      server.closeAllConnections()
      for (const socket of open.keys()) socket.destroy()
    },
  }
}

async function stopGracefully(server: Server, host: Host, timeoutMs: number, connections: Connections): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  connections.closeSilent()
  // Connections that are busy now become idle one by one; Node would leave each to its keep-alive timeout.
  const sweep = setInterval(() => server.closeIdleConnections(), 20)
  let deadline: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    deadline = setTimeout(resolve, timeoutMs)
  })
  const drained = closed.then(() => Promise.all(host.tasks))
  await Promise.race([drained, late])
  clearInterval(sweep)
  clearTimeout(deadline)
  connections.cutAll()
  await closed
}

function stopOn(signals: readonly NodeJS.Signals[], server: Server, stop: () => Promise<void>): void {
  const off = (): void => {
    for (const signal of signals) process.off(signal, onSignal)
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    // A second one finds no listener, and ends the process at once.
    off()
    void stop().then(() => process.kill(process.pid, signal))
  }
  for (const signal of signals) process.on(signal, onSignal)
  server.once('close', off)
}
