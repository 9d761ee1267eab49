/**
 * A Response goes out on the real `res`.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { discard } from '../../body.ts'
import { noResponse } from '../../no-response.ts'
import { hasField, toFieldList } from '../../own/field-list.ts'
import { mayHaveBody } from '../../own/response.ts'
import { checkUnread } from '../../own/streams.ts'
import { LightResponse } from '../../respond.ts'
import { HeldResponse } from '../hold/held-response.ts'
import { holdOf } from '../hold/held.ts'
import type { Hold } from '../hold/hold.ts'
import type { Methods } from '../hold/install.ts'
import { drop, letGo, mute, release } from '../hold/release.ts'
import { isHttp2, isOfConnection } from '../http2.ts'
import { mergesFields } from '../inside.ts'
import { sendStream } from './send-body.ts'

/**
 * Sends what the onion gave.
 *
 * @param within the hold of an onion around this one, whose app we are part of
 * @throws TypeError if it is no Response
 */
export function send(res: ServerResponse, response: Response, within: Hold | undefined): void {
  const held = holdOf(res)
  const hold = held === within ? undefined : held
  if (response instanceof HeldResponse && response.hold === hold) return release(response)
  if (!isResponse(response)) throw noResponse(response)
  if (hold === undefined) return sendParts(res, response, res)
  // Read first: the body may be the held answer's own stream, its headers a view over what is dropped now.
  const light = response instanceof LightResponse ? response : copyOf(response)
  drop(hold)
  sendParts(res, light, hold.wire)
  letGo(hold)
  mute(hold)
}

function sendParts(res: ServerResponse, response: Response, wire: Methods): void {
  const light = response instanceof LightResponse ? response : copyOf(response)
  const { list, status, statusText } = light
  if (status < 200)
    throw new TypeError(`An app must give a final status, got ${status}; a 101 comes from upgrade() only`)
  const body = light.outgoing()
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    const hasBody = mayHaveBody(status)
    if (hasBody && (body !== null || res.req.method !== 'HEAD') && !hasField(list, 'content-length')) {
      list.push('content-length', String(body === null ? 0 : Buffer.byteLength(body)))
    }
    sayHead(res, wire, status, statusText, list)
    wire.end.call(res, hasBody ? (body ?? undefined) : undefined)
    return
  }
  checkUnread(body)
  sayHead(res, wire, status, statusText, list)
  if (res.req.method !== 'HEAD' && mayHaveBody(status)) return sendStream(res, body, wire)
  discard(body)
  wire.end.call(res)
}

function sayHead(res: ServerResponse, wire: Methods, status: number, statusText: string, list: string[]): void {
  // With a store already (Express around us), Node would keep the last of equal names only.
  const fields = mergesFields(res) ? storeFields(res, list) : list
  if (statusText === '' || isHttp2(res.req)) wire.writeHead.call(res, status, fields)
  else wire.writeHead.call(res, status, statusText, fields)
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
