/**
 * How a held answer leaves: as the app made it, through filters, or with another body. (Or not at all: see drop.ts.)
 *
 * @module
 */
import { checkUnread, discard } from '../../own/streams.ts'
import { headIsOut } from '../inside.ts'
import { sendStream } from '../send/send-body.ts'
import { byteLength } from './chunk.ts'
import { cutNow } from './cut.ts'
import { filterWrites } from './filter-sink.ts'
import { begin, endWithHead, letGo, sayHead } from './head.ts'
import type { HeldResponse } from './held-response.ts'
import type { Hold } from './hold.ts'
import { replay } from './replay.ts'

type Fail = (error: unknown) => void

/**
 * Sends a held response, whatever the wrappers have made of it.
 *
 * @param fail hears of a body that fails on its way
 */
export function release(response: HeldResponse, fail: Fail): void {
  const { hold, instead } = response
  if (hold.failed !== undefined) throw hold.failed[0]
  if (instead === undefined && hold.filters === undefined) return replay(hold)
  const body = instead ?? null
  checkUnread(body)
  const { res, wire, filters, inner } = hold
  const filtered = instead === undefined && filters !== undefined ? filterWrites(hold, filters) : undefined
  const outgoing = filtered ?? body
  const sayAnew = (length: number | null): void => {
    begin(hold)
    inner._contentLength = length
  }
  if (outgoing === null || typeof outgoing === 'string' || outgoing instanceof Uint8Array) {
    sayAnew(outgoing === null ? 0 : byteLength(outgoing, undefined))
    return endWithHead(hold, response.hasBody ? (outgoing ?? undefined) : undefined, undefined)
  }
  const sayHeadAnew = (): void => {
    sayAnew(null)
    sayHead(hold)
  }
  if (response.hasBody) return sendStream(outgoing, { res, wire, sayHead: sayHeadAnew, fail: failWith(hold, fail) })
  sayHeadAnew()
  discard(outgoing)
  wire.end.call(res)
}

/** A body that fails since the app has cut its connection is no fault. */
export function failWith(hold: Hold | undefined, fail: Fail): Fail {
  return (error) => {
    if (hold?.cut === undefined) return fail(error)
    letGo(hold)
    cutNow(hold)
  }
}

/** Whether a failure can still be answered: nothing of the answer has left. */
export function isUnsent(hold: Hold): boolean {
  return !hold.passing && !headIsOut(hold.res)
}
