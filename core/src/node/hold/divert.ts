/**
 * Sending the writes of a Node app another way than to the socket.
 *
 * @module
 */
import { keepFromApp, tellApp } from '../send/drain.ts'
import { refuseWrite } from './chunk.ts'
import type { Hold } from './hold.ts'
import type { Sink } from './sink.ts'

/** Swallows what the app writes; callbacks are called and it never waits. */
export function dropWrites(hold: Hold): void {
  divert(hold, {
    isFull: () => false,
    write(_chunk, _encoding, callback) {
      if (callback) process.nextTick(callback)
      return true
    },
    end() {},
    flush() {},
    abort: () => false,
  })
}

/** Refuses what the app writes, as Node does when nobody is there any more. */
export function refuseWrites(hold: Hold): void {
  divert(hold, {
    isFull: () => false,
    write: (_chunk, _encoding, callback) => refuseWrite(callback),
    end() {},
    flush() {},
    abort: () => true,
  })
}

/** From here on the app's writes go to the sink, those that were held first. */
export function divert(hold: Hold, sink: Sink): void {
  const { writes, last, full } = hold
  hold.sink = sink
  hold.writes = hold.last = undefined
  hold.full = false
  keepFromApp(hold.res, () => hold.sink?.isFull() === true)
  let ready = true
  for (const { chunk, encoding, callback } of writes ?? []) ready = sink.write(chunk, encoding, callback)
  if (hold.ended) sink.end(last, hold.lastEncoding)
  else if (hold.cut !== undefined) sink.abort(hold.cut[0] ?? new Error('The app has cut its connection'))
  else if (full && ready) process.nextTick(() => tellApp(hold.res))
}
