/**
 * A kind of request, as data: what is sent, to which app, and what the client does meanwhile.
 *
 * @module
 */
import type { Server, ServerOptions } from 'node:http'
import type { AppRecord } from './record.ts'
import type { Wire } from './wire.ts'

export interface Kind {
  readonly name: string
  /** The bytes of one request; the run sends it, reads the response, and then asks for `/ready` on what is left. */
  readonly sends?: string
  /** For what takes more steps than one. When it ends the client leaves, if the server has not. */
  readonly script?: (wire: Wire, run: Run) => Promise<void>
  /** Sets up the server, before it listens. */
  readonly server?: (server: Server, run: Pick<Run, 'record'>) => void
  readonly options?: ServerOptions
  readonly secure?: boolean
  /** The events of the server that the app listens to. */
  readonly events?: readonly ('request' | 'checkContinue' | 'checkExpectation')[]
  /** Handles the upgrade beside the app. */
  readonly upgrades?: boolean
  /**
   * What cannot be the same under a wrapping, and why. Rare; each is a difference by design that the docs name.
   * Under a listed wrapping the kind is not run.
   */
  readonly exempt?: Partial<Record<WrappingName, string>>
  /** Lines of the record that may differ by design, and why; they are taken away on both sides. */
  readonly forgives?: { readonly lines: RegExp; readonly reason: string }
  /** Why the lines of its record may come in another order; then they are compared as a set. */
  readonly unordered?: string
  /** Why it may be seen as FIN or as RST: the kernel decides, by what it had not delivered yet. */
  readonly eitherEnding?: string
}

/** The ways in which an app is wrapped; see wrappings.ts. */
export type WrappingName =
  | 'none'
  | 'pass'
  | 'async'
  | 'ten async'
  | 'slow'
  | 'header'
  | 'curious'
  | 'nested'
  | 'rebuild'
  | 'native'

/** What a script can reach beside its connection. */
export interface Run {
  readonly record: AppRecord
  readonly server: Server
  /** A further connection. */
  connect(): Wire
}

/** Targets that a URL writes in another way: a native Request has a URL, and `pathOf`, and so the app, go by that. */
export const rewritten: NonNullable<Kind['exempt']> = { native: 'a URL has no dot segments and no raw characters' }

/** The bytes of a request without a body: the request line without its version, and fields. */
export function requestOf(line: string, ...fields: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'Host: site.test', ...fields, '', ''].join('\r\n')
}

/** The bytes of a request with a body of known length, one character a byte. */
export function withBody(line: string, body: string, ...fields: readonly string[]): string {
  return requestOf(line, ...fields, `Content-Length: ${body.length}`) + body
}

/** The bytes of a request whose body comes in these chunks, and then these trailers. */
export function inChunks(line: string, chunks: readonly string[], fields: string[] = [], trailers = ''): string {
  return requestOf(line, ...fields, 'Transfer-Encoding: chunked') + chunks.map(chunk).join('') + lastChunk(trailers)
}

export function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

export function lastChunk(trailers = ''): string {
  return `0\r\n${trailers}\r\n`
}

/** Asked for at the end of a run, to see that the connection is fit for more. Every app answers it. */
export const ready = requestOf('GET /ready', 'Connection: close')
