/**
 * What a request costs this process, with no network between: Node's own request and response, whose bytes go nowhere.
 * It is processor time that is counted, so that other work on the machine lengthens the wait and not the bars.
 *
 * @module
 */
import { IncomingMessage, ServerResponse, type RequestListener } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** Measures listeners in turn, so that a drift of the machine falls on all of them. */
export interface Effort {
  /** Requests of each listener before anything is measured. */
  readonly warmUp: number
  readonly rounds: number
  /** Requests of each listener in a round. */
  readonly requests: number
}

/**
 * Measures each listener.
 *
 * @returns by name the median over all rounds; unit: microseconds of processor time for one request
 */
export async function measure<Name extends string>(
  listeners: Readonly<Record<Name, RequestListener>>,
  path: string,
  { warmUp, rounds, requests }: Effort,
): Promise<Map<string, number>> {
  const all = Object.entries<RequestListener>(listeners)
  for (const [, listener] of all) await run(listener, path, warmUp)
  const samples = new Map<string, number[]>(all.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, listener] of all) {
      // Others have their turn between, so that the site goes on answering.
      await setImmediate()
      samples.get(name)?.push(await run(listener, path, requests))
    }
  }
  return new Map([...samples].map(([name, figures]) => [name, median(figures)]))
}

async function run(listener: RequestListener, path: string, requests: number): Promise<number> {
  const socket = new Drain()
  const before = process.cpuUsage()
  for (let i = 0; i < requests; i++) await once(listener, path, socket)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}

function once(listener: RequestListener, path: string, socket: Socket): Promise<void> {
  const req = new IncomingMessage(socket)
  Object.assign(req, { method: 'GET', url: path, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 })
  req.rawHeaders.push('Host', '127.0.0.1')
  req.headers.host = '127.0.0.1'
  const res = new ServerResponse(req)
  res.assignSocket(socket)
  return new Promise((resolve) => {
    res.once('finish', () => {
      res.detachSocket(socket)
      res.emit('close')
      resolve()
    })
    listener(req, res)
  })
}

/** A socket that takes everything and keeps nothing. */
class Drain extends Socket {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }

  override _writev(_chunks: unknown, done: () => void): void {
    done()
  }
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
