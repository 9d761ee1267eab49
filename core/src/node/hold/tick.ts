/**
 * The ticks in which an app writes. Bare, Node corks the socket with the first write of a tick and uncorks it on the
 * next one, so what was written before has left by then; from Node 26 on the writes of one tick make one chunk.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { isHttp2 } from '../http2.ts'
import type { Hold } from './hold.ts'

/** The tick that this is, of those in which the app has written. */
export function tickOf(hold: Hold): number {
  if (hold.ticking) return hold.tick
  hold.ticking = true
  // What the app itself has corked stays until it uncorks.
  const leaves = hold.res.writableCorked === 0
  process.nextTick(() => {
    hold.ticking = false
    hold.tick++
    hold.said = true
    // Let go in the turn in which it was written: Node has begun to count later than it would have bare.
    if (hold.passing && leaves) comesApart(hold)
  })
  return hold.tick
}

/** What follows was said in a later tick: what came before it has left, and makes a chunk of its own. */
export function comesApart({ res, outer }: Hold): void {
  if (outer === undefined) return flush(res)
  if (outer.passing) return comesApart(outer)
  outer.tick++
  outer.said = true
}

/** Corked again, since Node will uncork once more, and takes each of both for one of a pair. */
function flush(res: ServerResponse): void {
  // Node corks the response, or, from 22 to 24, its socket. (Over HTTP/2 it corks neither.)
  const corked = res.writableCorked > 0 || isHttp2(res.req) ? res : res.socket
  if (corked === null || !(corked.writableCorked > 0)) return
  corked.uncork()
  corked.cork()
}
