/**
 * One `drain`, two who wait for it: the app, whose writes go into a filter or a stream, and we, who write what comes
 * out of that to the socket. Each must hear of its own room only; else a slow client holds nobody back.
 *
 *     app ─▶ sink ─▶ filter ─▶ socket
 *         ◀─ told          ◀─ room
 *
 * @module
 */
import type { ServerResponse } from 'node:http'

/** The argument of a `drain` that is the app's. */
const told = Symbol('outerware.told')
/** The event in place of a `drain` that is none of the app's business. */
const room = Symbol('outerware.room')

/** Tells the app that it may write on. */
export function tellApp(res: ServerResponse): void {
  res.emit('drain', told)
}

/** Keeps the socket's `drain` from the app for as long as its own writes have no room. */
export function keepFromApp(res: ServerResponse, isFull: () => boolean): void {
  const { emit } = res
  res.emit = (event: string | symbol, ...given: unknown[]) =>
    event === 'drain' && given[0] !== told && isFull() ? emit.call(res, room) : emit.call(res, event, ...given)
}

/**
 * Calls the listener whenever the socket takes more.
 *
 * @returns stops that
 */
export function onRoom(res: ServerResponse, listener: () => void): () => void {
  const heard = (by: unknown): void => {
    if (by !== told) listener()
  }
  res.on('drain', heard)
  res.on(room, heard)
  return () => {
    res.off('drain', heard)
    res.off(room, heard)
  }
}
