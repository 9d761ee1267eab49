/**
 * How a response ended, told by the one event that comes for every response: `close`.
 *
 * `finish` does not come for a response that was cut, hijacked, or queued behind a dead one, which is how those are
 * known: `writableFinished` is true also for one that was written to a socket destroyed in the same turn.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Finished } from '../app.ts'
import { isClosed, whenClosed } from './closed.ts'
import { errorOfStream, isHttp2, isWhole } from './http2.ts'
import { headIsOut, sentStatus } from './inside.ts'

/** A request and what became of it, as the host keeps it. */
export interface Exchange {
  readonly node: { readonly res: ServerResponse }
  /** The offer of an upgrade was taken. */
  readonly upgraded: boolean
  /** What the app or a wrapper failed with. */
  readonly error: unknown
}

/** Calls `done` once, also when the response is closed already. */
export function whenFinished(context: Exchange, done: (finished: Finished) => void): void {
  const { res } = context.node
  // Of a held answer Node says so, too.
  let left = res.writableFinished && headIsOut(res)
  if (!left) res.once('finish', () => (left = true))
  const tell = (): void => done(finishedOf(context, isHttp2(res.req) ? isWhole(res) : left))
  if (isClosed(res)) queueMicrotask(tell)
  else whenClosed(res, tell)
}

/** What the response was destroyed with by this side. */
function errorOf(res: ServerResponse): Error | null {
  if (isHttp2(res.req)) return errorOfStream(res)
  return isDropped(res) ? null : (res.errored ?? null)
}

function finishedOf(context: Exchange, left: boolean): Finished {
  const { res } = context.node
  const error = context.error ?? errorOf(res)
  const { upgraded } = context
  return {
    status: upgraded ? 101 : sentStatus(res),
    outcome: error !== null ? 'error' : upgraded || left ? 'sent' : 'aborted',
    error,
    evidence: 'os',
  }
}

/**
 * Tells if Node gave up an answer that waited behind another one: from Node 24 on it does so with an error, the one
 * that an app gets for its own peers, too. Of such an answer nothing has left.
 */
function isDropped(res: ServerResponse): boolean {
  const { errored } = res
  if (errored?.message !== 'aborted' || !('code' in errored) || errored.code !== 'ECONNRESET') return false
  return res.writableLength > 0 || sentStatus(res) === null
}
