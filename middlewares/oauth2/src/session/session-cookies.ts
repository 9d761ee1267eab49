/**
 * A sealed session in cookies: in one, or in chunks `<name>.0`, `<name>.1` … where one line would be too long.
 *
 * @module
 */
import { clearCookie, ownCookies, readCookie, setCookie, sizeOf, type CookieKind } from '../gate/cookies.ts'

/** The cookies of a gate's sessions. */
export class SessionCookies {
  readonly #kind: CookieKind
  readonly #chunkNames: readonly string[]

  constructor(kind: CookieKind) {
    this.#kind = kind
    this.#chunkNames = Array.from({ length: MOST_CHUNKS }, (_, index) => `${kind.name}.${index}`)
  }

  /** The seal that a header brings, opened or not. The cookie in one wins over chunks, the first over others of its name. */
  read(header: string): string | undefined {
    const whole = readCookie(header, this.#kind.name)
    if (whole !== undefined) return whole
    let joined: string | undefined
    for (const name of this.#chunkNames) {
      const chunk = readCookie(header, name)
      if (chunk === undefined) break
      joined = joined === undefined ? chunk : joined + chunk
    }
    return joined
  }

  /** The lines that bring a seal into a browser that has sent this header, and take stale chunks out of it (R29). */
  write(sealed: string, header: string | null, maxAge: number): string[] {
    const chunks = this.#chunks(sealed)
    const stale = this.#namesIn(header).filter((name) => !chunks.some(([kept]) => kept === name))
    const lines = chunks.map(([name, value]) => setCookie(this.#kind, name, value, maxAge))
    return [...lines, ...stale.map((name) => clearCookie(this.#kind, name))]
  }

  /** The lines that take the session out of a browser that has sent this header. */
  clear(header: string | null): string[] {
    return this.#namesIn(header).map((name) => clearCookie(this.#kind, name))
  }

  /** How many bytes of a Cookie header a seal of that length takes. */
  bytesOf(length: number): number {
    const chunks = Math.ceil(length / CHUNK)
    return chunks > MOST_CHUNKS ? Infinity : length + chunks * sizeOf(this.#chunkNames[0]!, '')
  }

  #chunks(sealed: string): (readonly [name: string, value: string])[] {
    if (sealed.length <= CHUNK) return [[this.#kind.name, sealed]]
    const count = Math.ceil(sealed.length / CHUNK)
    return this.#chunkNames.slice(0, count).map((name, i) => [name, sealed.slice(i * CHUNK, (i + 1) * CHUNK)] as const)
  }

  #namesIn(header: string | null): string[] {
    const { name: whole } = this.#kind
    return [...ownCookies(header, this.#kind).keys()].filter(
      (name) => name === whole || this.#chunkNames.includes(name),
    )
  }
}

// A line of Set-Cookie may have 4096 bytes, name and attributes included.
const CHUNK = 3800
const MOST_CHUNKS = 10
