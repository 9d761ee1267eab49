/**
 * The end of a response, for all of us who wait for it.
 *
 * Node's `close` event tells it, but not for a response that is queued behind one whose connection is cut, nor for one
 * whose socket the app has detached: those end with the socket. And one listener serves all, so that an app that has
 * many of its own is not told of a leak (Node warns from eleven on).
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { isHttp2, streamOf } from './http2.ts'

const waiting: unique symbol = Symbol('outerware.whenClosed')
const pending: unique symbol = Symbol('outerware.pending')

type Run = () => void

interface Waited {
  [waiting]?: Run[]
}

/** The responses of a connection that have not ended, as what tells their end. */
interface Pending {
  [pending]?: Set<Run>
}

/** Tells whether a response has ended, or can no longer go out. */
export function isClosed(res: ServerResponse): boolean {
  return res.closed || res.req.socket.destroyed
}

/** Calls `run` once, when the response has ended; not if it {@link isClosed} already. */
export function whenClosed(res: ServerResponse & Waited, run: Run): void {
  const known = res[waiting]
  if (known !== undefined) {
    known.push(run)
    return
  }
  const all = (res[waiting] = [run])
  // A connection of HTTP/2 lives on, and each of its streams tells its own end.
  const others = isHttp2(res.req) ? new Set<Run>() : pendingOn(res.req.socket)
  const tell = (): void => {
    others.delete(tell)
    for (const each of all.splice(0)) each()
  }
  others.add(tell)
  // Node forgets the `close` of a response to HEAD that is being written when its stream is closed.
  const closing = streamOf(res) ?? res
  closing.once('close', tell)
}

function pendingOn(socket: Socket & Pending): Set<Run> {
  const known = socket[pending]
  if (known !== undefined) return known
  const all = (socket[pending] = new Set())
  socket.once('close', () => {
    for (const tell of all) tell()
  })
  return all
}
