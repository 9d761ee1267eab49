/**
 * One listener for all of us who wait for the end of a response, so that an app that has many of its own is not told
 * of a leak (Node warns from eleven on).
 *
 * @module
 */
import type { ServerResponse } from 'node:http'

const waiting: unique symbol = Symbol('outerware.whenClosed')

interface Waited {
  [waiting]?: (() => void)[]
}

/** Calls `run` when the response closes; it comes for every response, whatever became of it. Not if it has closed. */
export function whenClosed(res: ServerResponse & Waited, run: () => void): void {
  const known = res[waiting]
  if (known !== undefined) {
    known.push(run)
    return
  }
  const all = (res[waiting] = [run])
  res.once('close', () => {
    for (const each of all) each()
  })
}
