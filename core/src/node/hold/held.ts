/**
 * Where the hold of a response is kept: on `res` itself, since Express swaps its prototype.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Hold } from './hold.ts'

const current: unique symbol = Symbol('outerware.hold')
const first: unique symbol = Symbol('outerware.firstHold')

interface Held {
  [current]?: Hold | undefined
  [first]?: Hold
}

/** The innermost hold of a response that has not let go. */
export function holdOf(res: ServerResponse): Hold | undefined {
  const held: ServerResponse & Held = res
  return held[current]
}

export function setHold(res: ServerResponse, hold: Hold | undefined): void {
  const held: ServerResponse & Held = res
  held[current] = hold
}

/** The hold next to the wire, also when it has let go; `undefined` for a response that was never held. */
export function heldFirst(res: ServerResponse): Hold | undefined {
  const held: ServerResponse & Held = res
  return held[first]
}

/** The same from inside its methods, which stand on `res`. */
export function firstHoldOf(res: ServerResponse): Hold {
  return heldFirst(res)!
}

export function setFirstHold(res: ServerResponse, hold: Hold): void {
  const held: ServerResponse & Held = res
  held[first] = hold
}
