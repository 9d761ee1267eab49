/**
 * One request to an app on a real socket, and the answer as it stood on the wire.
 *
 * @module
 */
import type { RequestListener } from 'node:http'
import type { App, Wrapper } from '@outerware/core'
import { fromNode, toNode, type NodeListener, type ToNodeOptions } from '@outerware/core/node'
import { exchange, listen } from '../../support/index.ts'
import { requestOf } from './kind.ts'
import { fieldOf, readMessage, type Message } from './message.ts'

export interface Answer extends Message {
  readonly text: string
  /** A field's value; several are joined, none is `undefined`. */
  field(name: string): string | undefined
  /** How the connection ended. */
  readonly ending: 'fin' | 'reset' | 'timeout'
  /** What came in all. */
  readonly wire: string
}

/** Asks a listener; a bare path is a GET of it. The connection closes after the answer. */
export async function ask(listener: RequestListener, what: string, ...fields: string[]): Promise<Answer> {
  const host = await listen(listener)
  try {
    const bytes = what.startsWith('/') ? requestOf(`GET ${what}`, 'Connection: close', ...fields) : what
    const { bytes: received, text: wire, end: ending } = await exchange(host.port, bytes)
    const message = readMessage(received, 0, bytes.split(' ', 1)[0] ?? 'GET', true) ?? nothing
    const field = (name: string): string | undefined => fieldOf(message, name.toLowerCase())
    return { ...message, text: message.body.toString(), field, ending, wire }
  } finally {
    await host.close()
  }
}

/** Errors that came to `onError`; a test that expects none says so. */
export interface Reporting extends ToNodeOptions {
  readonly errors: unknown[]
}

export function reporting(): Reporting {
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  // Kept out of sight: the options of a host are checked by name.
  return Object.defineProperty({ errors, onError }, 'errors', { enumerable: false })
}

/** A wrapper around a Node app, as a listener. */
export function around(wrapper: Wrapper, listener: NodeListener, options: ToNodeOptions = {}): RequestListener {
  const app: App = wrapper(fromNode(listener))
  return toNode(app, options)
}

const nothing: Message = {
  statusLine: '',
  status: 0,
  fields: [],
  framing: 'none',
  body: Buffer.alloc(0),
  trailers: [],
  complete: false,
  end: 0,
}
