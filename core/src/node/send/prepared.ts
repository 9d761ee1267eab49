/**
 * Prepared fields go out as the header store of Node: checked once, where to check a list for each answer takes as long
 * as to write it.
 *
 *     PreparedHeaders ─ first time ─▶ store ─▶ writeHead(status)
 *                     └ not to be said so ───▶ list ─▶ writeHead(status, list)
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { mayHaveBody } from '../../own/response.ts'
import type { PreparedHeaders } from '../../prepare.ts'
import type { LightResponse } from '../../respond.ts'
import { internalsAreFit } from '../guards/self-test.ts'
import { isNodes, setStore, storeIsMade } from '../internals.ts'

/** By name in lower case, what `setHeader` would have been given. */
class Store {
  [name: string]: readonly [string, string]
}
// As in Node, no name is there that was not set. An object of `Object.create(null)` would be read several times slower.
Reflect.deleteProperty(Store.prototype, 'constructor')
Object.setPrototypeOf(Store.prototype, null)

/** Sends a response whose fields nobody has asked to see, if it can; tells whether it did. */
export function sendPrepared(res: ServerResponse, light: LightResponse): boolean {
  const { prepared, status, statusText } = light
  if (prepared === undefined || statusText !== '') return false
  const body = light.outgoing()
  if (body !== null && !(body instanceof Uint8Array)) return false
  const store = (prepared.hosted ??= storeOf(prepared))
  if (!(store instanceof Store) || (mayHaveBody(status) && !isFramed(store, body, res))) return false
  // Who stands in front of it may want to add fields, which the store of all answers does not take.
  if (!isNodes(res.writeHead) || !internalsAreFit() || storeIsMade(res)) return false
  sayHead(res, status, store)
  res.end(body ?? undefined)
  return true
}

/** Whether the length is said, and is that of the body; to HEAD it is that of another answer. */
function isFramed({ 'content-length': said }: Store, body: Uint8Array | null, { req }: ServerResponse): boolean {
  return said !== undefined && (Number(said[1]) === body?.byteLength || req.method === 'HEAD')
}

/** The store is of all answers: none that fails keeps it, for its fields are taken away. */
function sayHead(res: ServerResponse, status: number, store: Store): void {
  setStore(res, store)
  try {
    res.writeHead(status)
  } catch (error) {
    setStore(res, null)
    throw error
  }
}

/**
 * `false` where a store would say it otherwise: it has each name once, and one that looks like an index comes first. And
 * where the fields are not said as they are.
 */
function storeOf({ list }: PreparedHeaders): Store | false {
  const store = new Store()
  for (let i = 0; i < list.length; i += 2) {
    const key = list[i]!.toLowerCase()
    if (key in store || /^\d|^transfer-encoding$/.test(key)) return false
    store[key] = [list[i]!, list[i + 1]!]
  }
  return Object.freeze(store)
}
