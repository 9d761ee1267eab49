/**
 * The two ways into a response: Node's own fields where they are as we know them, the guards elsewhere. What the rest
 * of the bridge asks of a response, it asks here.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Guards } from './guards/guards.ts'
import { Http2Guards } from './guards/http2-guards.ts'
import { guardedOn, register } from './guards/on-socket.ts'
import { internalsAreFit } from './guards/self-test.ts'
import { isHttp2 } from './http2.ts'
import { internals, isNodes, messageInside, statusInHead, storeIsMade } from './internals.ts'
import type { Methods } from './hold/methods.ts'

const own: unique symbol = Symbol('outerware.guards')

interface Guarded {
  [own]?: Guards
}

/** The guards that a response is held by, made the first time; `undefined` where Node's own fields do. */
export function guardsFor(res: ServerResponse & Guarded): Guards | undefined {
  const isSecond = isHttp2(res.req)
  if (!isSecond && internalsAreFit()) return undefined
  if (res[own] !== undefined) return res[own]
  if (isSecond) return (res[own] = new Http2Guards(res))
  register(res)
  return (res[own] = new Guards(res))
}

/** The status that went out: an app may set `statusCode` to another one later. `null` while no head is out. */
export function sentStatus(res: ServerResponse & Guarded): number | null {
  const guards = res[own]
  if (guards !== undefined) return guards.sentStatus
  if (!isHttp2(res.req) && internalsAreFit()) return statusInHead(res)
  return res.headersSent ? res.statusCode : null
}

/** Tells whether a head has really been handed to the socket. */
export function headIsOut(res: ServerResponse): boolean {
  return sentStatus(res) !== null
}

/** Takes back what was set for a head that is not said, or that Node has refused half way: another one will be. */
export function forgetHead(res: ServerResponse): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  if (isHttp2(res.req)) return
  res.statusMessage = ''
  // A 204 or 304 had none.
  if (internalsAreFit()) internals(res)._hasBody = res.req.method !== 'HEAD'
}

/** The response that is being written on a socket; in the safe mode, if it is held. */
export function messageOf(socket: Socket): ServerResponse | null | undefined {
  return internalsAreFit() ? messageInside(socket) : guardedOn(socket)
}

/** Tells whether `writeHead` sets fields one by one into a header store, and may keep the last of equal names only. */
export function mergesFields(res: ServerResponse & Guarded): boolean {
  if (internalsAreFit()) return storeIsMade(res)
  return isHttp2(res.req) || res[own] !== undefined || res.getHeaderNames().length > 0
}

/**
 * Tells whether fields may be said as a flat list: Node knows one, and so do we. Middleware that stands in front may not
 * (on-headers, before 1.1, takes it for pairs), and what it sets makes a store.
 *
 * @param ours the one that a hold has put there, if one has
 */
export function takesList({ writeHead }: Methods, ours: Methods['writeHead'] | undefined): boolean {
  return isNodes(writeHead) || writeHead === ours
}
