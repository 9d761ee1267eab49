/**
 * A server for the time of one test, and raw connections to it.
 *
 * @module
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import { listen } from '../../support/index.ts'
import { Wire } from './wire.ts'

export interface Served {
  readonly server: Server
  readonly port: number
  connect(): Wire
}

/** Runs a test against a listener or a server, and closes both sides after it. */
export async function serving<T>(host: RequestListener | Server, test: (served: Served) => Promise<T>): Promise<T> {
  const { server, port, close } = await listen(typeof host === 'function' ? createServer(host) : host)
  const wires: Wire[] = []
  const connect = (): Wire => {
    const wire = new Wire(port)
    wires.push(wire)
    return wire
  }
  try {
    return await test({ server, port, connect })
  } finally {
    for (const wire of wires) wire.leave()
    await close()
  }
}

/** A promise with its two ends. */
export interface Later<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
}

export function later<T = void>(): Later<T> {
  const settle: ((value: T) => void)[] = []
  const promise = new Promise<T>((resolve) => settle.push(resolve))
  return { promise, resolve: (value) => settle[0]?.(value) }
}
