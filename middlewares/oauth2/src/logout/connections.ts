/**
 * What stays open after its request was judged: sockets and event streams. They end with the session, or with the token,
 * that has let them in.
 *
 *     sign out ──────────────────────────────▶ close
 *     its last end, the exp of the token ────▶ close
 *     every ten seconds ─▶ session over? ─(yes)─▶ close
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import { filterBody, type Context } from '@outerware/core'
import type { Bearer } from '../bearer/verify.ts'
import type { Whose } from '../session/keeping/keeping.ts'
import { newest, type Live } from '../session/live.ts'

/** What is known of the ends of sessions. */
export interface SessionEnds {
  /** When a session is over, however busy it is. Milliseconds since 1970. */
  endOf(live: Live): number
  /** Tells whether it is over: signed out on another machine, or run out. */
  isOver(live: Live): Promise<boolean>
}

/** The open connections of one gate, by login or by token. */
export class Connections {
  readonly #sessions: SessionEnds
  readonly #open = new Map<string, Kept>()
  #sweeper: NodeJS.Timeout | undefined

  constructor(sessions: SessionEnds) {
    this.#sessions = sessions
  }

  /** Keeps an answer in mind, if it stays open: a 101, or an event stream. */
  keep(someone: Live | Bearer, response: Response, context: Context): Response {
    if (response.status === 101) {
      const socket = context.upgrade?.node?.socket
      if (socket !== undefined) this.#add(someone, context, () => hangUp(socket, context.upgrade!.protocol))
      return response
    }
    if (!eventStream.test(response.headers.get('content-type') ?? '')) return response
    // It comes to an end like any other: a browser then asks for it again, and gets 401.
    const end = new AbortController()
    this.#add(someone, context, () => end.abort())
    return filterBody(response, () => endable(end.signal))
  }

  /** Closes what a login has open. */
  close(login: string): void {
    const kept = this.#open.get(login)
    this.#forget(login, kept)
    for (const close of kept?.closers ?? []) close()
  }

  /** Closes what all logins of a user, or of a login at the provider, have open. */
  closeAllOf(whose: Whose, value: string): void {
    for (const [login, { someone }] of this.#open)
      if ('session' in someone && someone.session.claims[whose] === value) this.close(login)
  }

  #add(someone: Live | Bearer, context: Context, close: () => void): void {
    const name = 'session' in someone ? someone.sid : someone.sealed
    const known = this.#open.get(name)
    const kept = known ?? { someone, closers: new Set(), timer: undefined }
    kept.closers.add(close)
    if (known === undefined) this.#begin(name, kept)
    context.onFinish(() => {
      kept.closers.delete(close)
      if (kept.closers.size === 0) this.#forget(name, kept)
    })
  }

  #begin(name: string, kept: Kept): void {
    this.#open.set(name, kept)
    this.#closeInTime(name, kept)
    this.#sweeper ??= unheld(setInterval(() => void this.#sweep(), SWEEP_MS))
  }

  /** A refresh may have moved the end of a session. */
  #closeInTime(name: string, kept: Kept): void {
    const left = this.#endOf(kept.someone) - Date.now()
    if (left <= 0) this.close(name)
    else if (left < LONGEST_MS) kept.timer = unheld(setTimeout(() => this.#closeInTime(name, kept), left))
  }

  #endOf(someone: Live | Bearer): number {
    return 'session' in someone ? this.#sessions.endOf(newest(someone)) : someone.expiresAt
  }

  #forget(name: string, kept: Kept | undefined): void {
    if (kept === undefined) return
    clearTimeout(kept.timer)
    if (this.#open.get(name) === kept) this.#open.delete(name)
  }

  /** Sees sessions that were ended elsewhere, and clocks that were set. */
  async #sweep(): Promise<void> {
    for (const [name, { someone }] of this.#open) {
      const isOver = 'session' in someone && (await this.#sessions.isOver(newest(someone)))
      if (isOver || this.#endOf(someone) <= Date.now()) this.close(name)
    }
    if (this.#open.size > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}

/** What somebody has open. */
interface Kept {
  readonly someone: Live | Bearer
  readonly closers: Set<() => void>
  timer: NodeJS.Timeout | undefined
}

const SWEEP_MS = 10_000
// A longer one would be over at once; the sweep comes by in time.
const LONGEST_MS = 2 ** 31 - 1

/** Waits, but keeps no process alive for it, where that can be said. */
function unheld(timer: NodeJS.Timeout): NodeJS.Timeout {
  if (typeof timer === 'object') timer.unref()
  return timer
}

const eventStream = /^\s*text\/event-stream\b/i

/** Lets everything pass until it is told to end. */
function endable(signal: AbortSignal): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    start(controller) {
      signal.addEventListener('abort', () => controller.terminate())
    },
  })
}

/** Says goodbye where the protocol is known: a WebSocket is closed with 1008, policy violation (RFC 6455, 7.4.1). */
function hangUp(socket: Duplex, protocol: string): void {
  if (protocol !== 'websocket' || !socket.writable) return void socket.destroy()
  socket.end(Buffer.from([0x88, 0x02, 0x03, 0xf0]), () => socket.destroy())
}
