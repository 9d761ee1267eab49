/**
 * Another response takes the place of a held one.
 *
 * @module
 */
import { forgetStore } from '../internals.ts'
import { begin } from './head.ts'
import type { Hold } from './hold.ts'
import { dropWrites } from './divert.ts'

/** What the app still says goes nowhere, if it is not read as a stream: another response takes its place. */
export function swallow(hold: Hold): void {
  if (hold.sink === undefined) dropWrites(hold)
}

/** Forgets what the app said, so that the head of another response can be said. */
export function drop(hold: Hold): void {
  const { res, inner } = hold
  begin(hold)
  hold.fields = undefined
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  if (hold.guards === undefined) forgetStore(res)
  inner.sendDate = true
  inner._contentLength = null
  inner.statusMessage = undefined
}

/**
 * An app that has said nothing yet finds a response that takes whatever it says and sends none of it. (An onion around
 * this one may still change its own held answer: while it does, the head counts as unsent.)
 */
export function mute({ res, head }: Hold): void {
  if (head) return
  const { setHeader, appendHeader, removeHeader } = res
  res.setHeader = (name, value) => (res.headersSent ? res : setHeader.call(res, name, value))
  res.appendHeader = (name, value) => (res.headersSent ? res : appendHeader.call(res, name, value))
  res.removeHeader = (name) => {
    if (!res.headersSent) removeHeader.call(res, name)
  }
}
