/**
 * Every internal of Node that the bridge touches, in one place.
 *
 * They have been there from the first Node to the newest, and are read by on-finished, compression and
 * express-session too:
 *
 * - `_header`: the head once it is made; `headersSent` tells whether it is set. While a response is held it
 *   is a placeholder, so that Node itself refuses late headers and says so in its own words.
 * - `_contentLength`: the length that `end(chunk)` found before the head was made.
 * - `_implicitHeader()`: makes the head of an answer that began with `write` or `end`.
 * - `_removedContLen`, `_removedTE`, `_removedConnection`: a field was removed by hand, so Node does not add its own.
 * - `finished`: `end` was called. `outputSize`: bytes that wait for a socket; while there are some, it is not finished.
 * - `kOutHeaders`: the header store, once a field was set. `writeHead` goes by it: with a store, also an empty one,
 *   it sets the fields one by one, and of equal names only the last may stay; and it does not check what is in the
 *   store, since that was checked when it was set.
 * - `_storeHeader`: where `writeHead` hands over the fields; one that does so by itself is Node's own.
 * - `kEndCallbacks`: there from Node 24 on, where the callback of `end` runs before all that listens to `finish`.
 * - `_httpMessage` of a socket: the response that is being written on it.
 *
 * @module
 */
import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** The response as Node's own code sees it. */
export interface Internals {
  _header: string | null
  _contentLength: number | null
  _removedContLen: boolean
  _removedTE: boolean
  _removedConnection: boolean
  _hasBody: boolean
  finished: boolean
  outputSize: number
  destroyed: boolean
  sendDate: boolean
  statusMessage: string | undefined
  getRawHeaderNames(): string[]
  _implicitHeader(): void
}

/** Node's own view of a response of HTTP/1. */
export function internals(res: ServerResponse): Internals {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the one door to what the types do not tell
  return res as unknown as Internals
}

/** In the place of a head that is held. */
export const HELD = 'held'

/** The status of the head that Node has really handed to the socket; `null` while there is none. */
export function statusInHead(res: ServerResponse): number | null {
  const head = internals(res)._header
  return head === null || head === undefined || head === HELD ? null : Number(head.slice(9, 12))
}

/** The response that is being written on a socket. */
export function messageInside(socket: Socket): ServerResponse | null | undefined {
  return (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage
}

const { writeHead } = ServerResponse.prototype
/** Whoever has put another there before us (agents that watch a process do) has added fields by `setHeader`. */
const isUntouched = Function.prototype.toString.call(writeHead).includes('this._storeHeader(')

/** Tells whether a `writeHead` is Node's own, with nobody in front of it. */
export function isNodes(method: unknown): boolean {
  return isUntouched && method === writeHead
}

let store: symbol | undefined

/** Tells whether there is a header store, be it empty. */
export function storeIsMade(res: ServerResponse): boolean {
  const own = storeOf(res)
  return own === undefined || Object(res)[own] !== null
}

/** Gives a response that has no field yet a store of them; `null` takes it away. */
export function setStore(res: ServerResponse, fields: object | null): void {
  const own = storeOf(res)
  if (own !== undefined) Object(res)[own] = fields
}

/** After all fields were taken away: the next `writeHead` finds a response on which none was ever set. */
export function forgetStore(res: ServerResponse): void {
  const own = storeOf(res)
  if (own !== undefined) Object(res)[own] = null
  const inner = internals(res)
  inner._removedContLen = inner._removedTE = inner._removedConnection = false
}

function storeOf(res: ServerResponse): symbol | undefined {
  return (store ??= Object.getOwnPropertySymbols(res).find((symbol) => symbol.description === 'kOutHeaders'))
}

let endsFirst: boolean | undefined

/** Calls back once the response is finished, as the callback of Node's own `end`: in the order of this Node. */
export function onceEnded(res: ServerResponse, done: () => void): void {
  endsFirst ??= Object.getOwnPropertySymbols(res).some((symbol) => symbol.description === 'kEndCallbacks')
  if (endsFirst) res.prependOnceListener('finish', done)
  else res.once('finish', done)
}

let count: symbol | undefined
let distinct: symbol | undefined

/** After `rawHeaders` was changed: what Node keeps beside it follows, so that `headersDistinct` stays true. */
export function rawHeadersChanged(req: IncomingMessage): void {
  if (count === undefined) {
    for (const key of Object.getOwnPropertySymbols(req)) {
      if (key.description === 'kHeadersCount') count = key
      else if (key.description === 'kHeadersDistinct') distinct = key
    }
  }
  const inner: Record<symbol, unknown> = Object(req)
  if (count !== undefined) inner[count] = req.rawHeaders.length
  if (distinct !== undefined) inner[distinct] = null
}
