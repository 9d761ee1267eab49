/**
 * Sessions that open well, and are over: ended in this process, or elsewhere, as a denylist tells.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { Memory } from '../gate/memory.ts'
import { whenThere, type Eventually } from '../store/store.ts'
import type { Denials } from './keeping/denials.ts'
import type { Live } from './live.ts'
import { lastEnd, type Durations } from './session.ts'

/** What has ended, as far as one gate knows. */
export class Endings {
  readonly #durations: Durations
  readonly #denials: Denials | undefined
  readonly #here = new Memory()
  #calls = 0

  constructor(durations: Durations, denials: Denials | undefined) {
    this.#durations = durations
    this.#denials = denials
  }

  /** Tells whether a session was ended in this process, or is known here to have ended elsewhere. */
  has({ sid }: Live): boolean {
    return this.#here.has(sid)
  }

  /** Remembers that a session has ended, for as long as copies of its cookie could be used. */
  add(live: Live): void {
    this.#here.add(live.sid, lastEnd(live.session, this.#durations) * 1000)
  }

  /** All of a user's sessions have ended, those too that are being looked up at this moment. */
  addAll(): void {
    this.#calls += 1
  }

  /** Notes when a session that was opened just now has to be asked about: at once, if anybody else can end it. */
  begin(live: Live): Live {
    if (this.#denials !== undefined) live.checkedUntil = 0
    return live
  }

  /**
   * Tells whether a session is over, and asks about it where that is due: after it was opened, which may take a while,
   * and right before it gets into the cache.
   *
   * @returns an error if nobody can tell
   */
  ask(live: Live): Eventually<boolean | OAuthError> {
    if (this.has(live)) return true
    if (this.#denials === undefined || Date.now() < live.checkedUntil) return false
    const { lagMs } = this.#denials
    const calls = this.#calls
    return whenThere(this.#denials.denies(live.session), (answer) => {
      if (answer instanceof OAuthError) return answer
      // It may have ended while the list was read.
      if (calls !== this.#calls) return this.ask(live)
      if (answer) this.add(live)
      if (this.has(live)) return true
      live.checkedUntil = Date.now() + lagMs
      return false
    })
  }
}
