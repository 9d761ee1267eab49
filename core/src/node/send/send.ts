/**
 * A Response goes out on the real `res`.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { discard } from '../../body.ts'
import { noResponse } from '../../no-response.ts'
import { hasField, removeFields, toFieldList } from '../../own/field-list.ts'
import { mayHaveBody } from '../../own/response.ts'
import type { WholeBody } from '../../own/shapes.ts'
import { checkUnread } from '../../own/streams.ts'
import { LightResponse } from '../../respond.ts'
import { HeldResponse } from '../hold/held-response.ts'
import { holdOf } from '../hold/held.ts'
import type { Hold } from '../hold/hold.ts'
import type { Methods } from '../hold/methods.ts'
import { drop, mute, swallow } from '../hold/drop.ts'
import { letGo } from '../hold/head.ts'
import { failWith, release } from '../hold/release.ts'
import { isHttp2, isOfConnection } from '../http2.ts'
import { mergesFields, takesList } from '../inside.ts'
import { Announced } from './announced.ts'
import { sendPrepared } from './prepared.ts'
import { sendStream } from './send-body.ts'

/**
 * Sends what the onion gave.
 *
 * @param within the hold of an onion around this one, whose app we are part of
 * @param fail hears of a stream that fails on its way, once, while the client is there
 * @throws TypeError if it is no Response
 */
export function send(
  res: ServerResponse,
  response: Response,
  within: Hold | undefined,
  fail: (error: unknown) => void,
): void {
  const held = holdOf(res)
  const hold = held === within ? undefined : held
  if (response instanceof HeldResponse && response.hold === hold) return release(response, fail)
  if (!isResponse(response)) throw noResponse(response)
  // Read first: the body may be the held answer's own stream, its headers a view over what is dropped later.
  const light = response instanceof LightResponse ? response : copyOf(response)
  if (hold !== undefined) swallow(hold)
  sendParts(res, light, hold, fail)
}

function sendParts(
  res: ServerResponse,
  light: LightResponse,
  hold: Hold | undefined,
  fail: (error: unknown) => void,
): void {
  const { status } = light
  if (hold === undefined && sendPrepared(res, light)) return
  if (status < 200)
    throw new TypeError(`An app must give a final status, got ${status}; a 101 comes from upgrade() only`)
  const wire: Methods = hold?.wire ?? res
  const body = light.outgoing()
  const hasBody = mayHaveBody(status)
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    if (hasBody) announce(light, body, res.req.method === 'HEAD')
    sayHead(res, light, hold)
    wire.end.call(res, hasBody ? (body ?? undefined) : undefined)
    return
  }
  checkUnread(body)
  if (res.req.method !== 'HEAD' && hasBody) {
    const length = light.headers.get('content-length')
    // Who speaks HTTP/1.0 knows no chunks (RFC 9112, section 6.1).
    if (length !== null || !res.useChunkedEncodingByDefault) frameOnce(light)
    else if (hold?.guards !== undefined) sayChunked(light)
    return sendStream(body, { res, wire, length, sayHead: () => sayHead(res, light, hold), fail: failWith(hold, fail) })
  }
  sayHead(res, light, hold)
  discard(body)
  wire.end.call(res)
}

/** Says the length of a whole body. What the app has said of it must be true; to HEAD it speaks of another answer. */
function announce(light: LightResponse, body: WholeBody, isHead: boolean): void {
  const { list } = light
  if (hasField(list, 'content-length')) {
    if (!isHead) new Announced(light.headers.get('content-length')).check(body)
  } else {
    if (body === null && isHead) return
    list.push('content-length', String(body === null ? 0 : Buffer.byteLength(body)))
  }
  frameOnce(light)
}

/** What has a length is not chunked as well (RFC 9112, section 6.2), as what was copied from another server may say. */
function frameOnce({ list }: LightResponse): void {
  removeFields(list, 'transfer-encoding')
}

/** In the safe mode: once a field is dropped that says so, Node would chunk no more, and end with the connection. */
function sayChunked({ list }: LightResponse): void {
  if (!hasField(list, 'transfer-encoding')) list.push('transfer-encoding', 'chunked')
}

/** In the place of what is held, if anything is. */
function sayHead(res: ServerResponse, { status, statusText, list }: LightResponse, hold: Hold | undefined): void {
  if (hold !== undefined) drop(hold)
  const wire: Methods = hold?.wire ?? res
  // With a store already (Express around us), Node would keep the last of equal names only.
  const around = hold === undefined ? holdOf(res) : hold.outer
  const fields = !mergesFields(res) && takesList(wire, around?.taken) ? list : storeFields(res, list)
  if (statusText === '' || isHttp2(res.req)) wire.writeHead.call(res, status, fields)
  else wire.writeHead.call(res, status, statusText, fields)
  if (hold === undefined) return
  letGo(hold)
  mute(hold)
}

function storeFields(res: ServerResponse, list: readonly string[]): undefined {
  const stored = new Set<string>()
  const isSecond = isHttp2(res.req)
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!
    const key = name.toLowerCase()
    if (isSecond && isOfConnection(key)) continue
    if (stored.has(key)) res.appendHeader(name, list[i + 1]!)
    else res.setHeader(name, list[i + 1]!)
    stored.add(key)
  }
  return undefined
}

function copyOf(response: Response): LightResponse {
  return new LightResponse(response.body, response.status, toFieldList(response.headers), response.statusText)
}

function isResponse(response: unknown): response is Response {
  return typeof response === 'object' && response !== null && 'status' in response && 'headers' in response
}
