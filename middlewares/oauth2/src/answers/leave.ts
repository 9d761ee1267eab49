/**
 * The way out of the gate: an answer for one user is not kept for others, and takes along what the session has become.
 *
 * @module
 */
import { addMissing, editHeaders } from '@outerware/core'
import { addVary, hasDirective } from '@outerware/core/headers'
import type { Rooms } from '../gate/rooms.ts'
import { newest, type Live } from '../session/live.ts'

/**
 * Marks an answer to a signed-in user (R56), and sets the cookies of a session that was refreshed or prolonged.
 *
 * @param presented the session that the browser's cookie stands for
 */
export function leave(rooms: Rooms, response: Response, header: string | null, presented: Live): Response {
  if (presented.next === undefined) return response.status === 101 ? response : editHeaders(response, keepPrivate)
  const lines = rooms.sessions.lines(newest(presented), header)
  for (let live = presented; live.next !== undefined; live = live.next) rooms.refresher.delivered(live)
  return editHeaders(response, (headers) => {
    keepPrivate(headers)
    keepUnshared(headers)
    for (const line of lines) headers.append('set-cookie', line)
  })
}

/**
 * The one word of the app that does not count: a cache that is shared would hand the session to everybody, since
 * Set-Cookie keeps it from nothing (RFC 9111, 7.3). Fields for some caches alone count for more there (RFC 9213).
 */
function keepUnshared(headers: Headers): void {
  const control = headers.get('cache-control')
  if (hasDirective(control, 'public') || hasDirective(control, 's-maxage')) headers.set('cache-control', 'private')
  else if (!hasDirective(control, 'private') && !hasDirective(control, 'no-store'))
    headers.set('cache-control', `${control}, private`)
  for (const name of [...headers.keys()].filter((each) => targeted.test(each))) headers.delete(name)
}

const targeted = /^(?:surrogate|(?:.+-)?cdn-cache)-control$/

/** Keeps an answer for one user out of shared caches. */
export function keepPrivate(headers: Headers): void {
  if (headers.has('vary')) addVary(headers, 'cookie')
  addPrivate(headers)
}

const addPrivate = addMissing([
  ['cache-control', 'private'],
  ['vary', 'cookie'],
])
