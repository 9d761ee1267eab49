/**
 * What stays open after its request was judged: sockets and event streams. They end with their session.
 *
 *     sign out ──────────────────────────────▶ close
 *     every ten seconds ─▶ session over? ─(yes)─▶ close
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import { filterBody, type Context } from '@outerware/core'
import type { Whose } from '../session/keeping/keeping.ts'
import { newest, type Live } from '../session/live.ts'

/** Tells whether a session is over: signed out on another machine, or run out. */
export type IsOver = (live: Live) => Promise<boolean>

/** The open connections of one gate, by login. */
export class Connections {
  readonly #isOver: IsOver
  readonly #open = new Map<string, { live: Live; closers: Set<() => void> }>()
  #timer: NodeJS.Timeout | undefined

  constructor(isOver: IsOver) {
    this.#isOver = isOver
  }

  /** Keeps an answer in mind, if it stays open: a 101, or an event stream. */
  keep(live: Live, response: Response, context: Context): Response {
    if (response.status === 101) {
      const socket = context.upgrade?.node?.socket
      if (socket !== undefined) this.#add(live, context, () => hangUp(socket, context.upgrade!.protocol))
      return response
    }
    if (!eventStream.test(response.headers.get('content-type') ?? '')) return response
    // It comes to an end like any other: a browser then asks for it again, and gets 401.
    const end = new AbortController()
    this.#add(live, context, () => end.abort())
    return filterBody(response, () => endable(end.signal))
  }

  /** Closes what a login has open. */
  close(login: string): void {
    const closers = this.#open.get(login)?.closers ?? []
    this.#open.delete(login)
    for (const close of closers) close()
  }

  /** Closes what all logins of a user, or of a login at the provider, have open. */
  closeAllOf(whose: Whose, value: string): void {
    for (const [login, { live }] of this.#open) if (live.session.claims[whose] === value) this.close(login)
  }

  #add(live: Live, context: Context, close: () => void): void {
    const { sid } = live
    const kept = this.#open.get(sid) ?? { live, closers: new Set() }
    this.#open.set(sid, kept)
    kept.closers.add(close)
    context.onFinish(() => {
      kept.closers.delete(close)
      if (kept.closers.size === 0 && this.#open.get(sid) === kept) this.#open.delete(sid)
    })
    this.#timer ??= setInterval(() => void this.#sweep(), SWEEP_MS).unref()
  }

  async #sweep(): Promise<void> {
    for (const [login, { live }] of this.#open) if (await this.#isOver(newest(live))) this.close(login)
    if (this.#open.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

const SWEEP_MS = 10_000

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
