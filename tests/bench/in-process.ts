/**
 * The same servers in one process, over sockets of memory: what is left is the work of Node's HTTP and of ours, with
 * no kernel and no second process between. It tells a microsecond where the socket bench tells five.
 *
 * Ratios are harsher here than on the wire, where the kernel's share is in both.
 */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import type { Asked, Sample } from './measure.ts'
import { servers } from './servers.ts'

const REQUESTS = 4000

/** A connection whose client asks again as soon as it is answered; what it is sent is dropped. */
class MemorySocket extends Duplex {
  readonly remoteAddress = '127.0.0.1'

  override _read(): void {}
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }
  override _writev(_chunks: unknown, done: () => void): void {
    done()
  }
  setTimeout(): this {
    return this
  }
}

export interface Loop {
  readonly name: string
  readonly server: Server
}

/** Gives the server of that name, or nothing, if it is a program of its own. */
export async function loopOf(name: string): Promise<Loop | undefined> {
  const make: (() => RequestListener | Promise<RequestListener>) | undefined = servers[name]
  return make && { name, server: createServer(await make()) }
}

/** Some thousand requests, one after the other. */
export async function turn({ server }: Loop, { path, headers = {} }: Asked): Promise<Sample> {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const message = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${fields.join('')}\r\n`)
  const socket = new MemorySocket()
  let left = REQUESTS
  const ask = (): boolean => socket.push(message)
  const count = (_req: unknown, res: ServerResponse): void => {
    res.once('finish', () => (--left === 0 ? socket.destroy() : process.nextTick(ask)))
  }
  server.prependListener('request', count)
  const start = performance.now()
  const before = process.cpuUsage()
  server.emit('connection', socket)
  ask()
  await once(socket, 'close')
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - start) / 1000
  server.off('request', count)
  return { throughput: REQUESTS / seconds, cpu: (user + system) / REQUESTS }
}
