/**
 * Sessions in cookies: the seal is all there is. It cannot be taken back, so a denylist remembers what has ended.
 *
 * @module
 */
import { withoutOwn } from '../../gate/cookies.ts'
import { sealer, type Sealer } from '../../sealing/seal.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Live } from '../live.ts'
import { SessionCookies } from '../session-cookies.ts'
import { fitted, toPayload, type Session } from '../session.ts'
import type { Denials } from './denials.ts'
import type { Keeping, Place, Whose, Written } from './keeping.ts'

/** Keeps sessions in cookies alone. */
export class InCookies implements Keeping {
  readonly sealer: Sealer
  readonly #settings: Settings
  readonly #cookies: SessionCookies
  readonly #denials: Denials | undefined

  constructor(settings: Settings, realm: string, denials: Denials | undefined) {
    this.#settings = settings
    this.#denials = denials
    this.#cookies = new SessionCookies(settings.cookie)
    this.sealer = sealer(settings.secrets, `outerware oidc session ${realm}`)
  }

  load(ticket: string): string {
    return ticket
  }

  nameOf(): undefined {
    return undefined
  }

  /** It must fit beside the cookies that the browser has (R30). */
  async write(session: Session, { header }: Place): Promise<Written | undefined> {
    const { session: limits, cookie, neededClaims } = this.#settings
    const room = limits.maxHeaderBytes - (header === null ? 0 : withoutOwn(header, cookie).length)
    const bytesOf = (candidate: Session): number => this.#cookies.bytesOf(this.sealer.lengthOf(toPayload(candidate)))
    const needed = [...neededClaims, ...(limits.claims ?? [])]
    const fit = fitted(session, (candidate) => bytesOf(candidate) <= room, needed)
    if (fit === undefined) return undefined
    const sealed = await this.sealer.seal(toPayload(fit.session))
    return { ...fit, sealed, ticket: sealed }
  }

  /** Two machines know nothing of each other here; a coordinator may tell them of refreshes. */
  alone<T>(_live: Live, work: () => Promise<T>): Promise<T> {
    return work()
  }

  async end(live: Live, seconds: number): Promise<void> {
    await this.#denials?.deny('login', live.sid, seconds)
  }

  async endAllOf(whose: Whose, value: string, seconds: number): Promise<void> {
    await this.#denials?.deny(whose, value, seconds)
  }

  async isOver(live: Live): Promise<boolean> {
    return (await this.#denials?.denies(live.session)) === true
  }
}
