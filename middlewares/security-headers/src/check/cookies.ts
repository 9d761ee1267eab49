/**
 * Cookies, by the Observatory's rules.
 *
 * @module
 */
import { good, type Judgement, type ObservatoryCode } from './judgement.ts'
import type { Seen } from './seen.ts'
import { judgeTransport } from './transport.ts'

/** A cookie as a site sets it. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** By lower-cased name; those without a value have an empty one. */
  readonly attributes: ReadonlyMap<string, string>
}

/** Reads a Set-Cookie line (RFC 6265, section 5.2); `undefined` for one without a name. */
export function readSetCookie(line: string): SetCookie | undefined {
  const [[name, value], ...attributes] = readPairs(line)
  return name === ''
    ? undefined
    : { name, value, attributes: new Map(attributes.map(([key, said]) => [key.toLowerCase(), said])) }
}

function readPairs(line: string): [Pair, ...Pair[]] {
  const [first = '', ...others] = line.split(';')
  return [pairOf(first), ...others.map(pairOf)]
}

type Pair = readonly [name: string, value: string]

function pairOf(text: string): Pair {
  const sign = text.indexOf('=')
  return sign === -1 ? [text.trim(), ''] : [text.slice(0, sign).trim(), text.slice(sign + 1).trim()]
}

/** From the mildest to the worst, as the Observatory ranks them: the worst counts. */
const ranks: readonly ObservatoryCode[] = [
  'cookies-without-secure-flag-but-protected-by-hsts',
  'cookies-without-secure-flag',
  'cookies-session-without-secure-flag-but-protected-by-hsts',
  'cookies-samesite-flag-invalid',
  'cookies-anticsrf-without-samesite-flag',
  'cookies-session-without-httponly-flag',
  'cookies-session-without-secure-flag',
]

/** Judges all cookies that were set; those of one name count as the last of them. */
export function judgeCookies(seen: Seen): Judgement[] {
  const cookies = new Map(
    seen.cookies.flatMap((line) => readSetCookie(line) ?? []).map((cookie) => [cookie.name, cookie]),
  )
  // A load balancer sets it, and no site can help it.
  cookies.delete('heroku-session-affinity')
  if (cookies.size === 0) return [good('cookies-not-found')]
  const isHeld = judgeTransport(seen)[0]?.code === 'hsts-implemented-max-age-at-least-six-months'
  const faults = [...cookies.values()].flatMap((cookie) => Array.from(judgeCookie(cookie, isHeld)))
  if (faults.length > 0) return faults.toSorted((a, b) => ranks.indexOf(b.code) - ranks.indexOf(a.code))
  const isLimited = [...cookies.values()].every(({ attributes }) => attributes.has('samesite'))
  return [
    good(isLimited ? 'cookies-secure-with-httponly-sessions-and-samesite' : 'cookies-secure-with-httponly-sessions'),
  ]
}

function* judgeCookie({ name, attributes }: SetCookie, isHeld: boolean): Generator<Judgement> {
  const isSession = /login|sess/i.test(name)
  const isSecure = attributes.has('secure')
  const sameSite = attributes.get('samesite')?.toLowerCase()
  const instead = `Set-Cookie: ${name}=…; Secure; HttpOnly; SameSite=Lax; Path=/`
  if (!isSecure) {
    const code =
      `cookies${isSession ? '-session' : ''}-without-secure-flag${isHeld ? '-but-protected-by-hsts' : ''}` as const
    yield { code, wrong: `the cookie ${name} has no Secure, and would go by http too`, instead }
  }
  if (isSession && !attributes.has('httponly')) {
    yield {
      code: 'cookies-session-without-httponly-flag',
      wrong: `the cookie ${name} has no HttpOnly: a script can read it`,
      instead,
    }
  }
  if (sameSite === undefined) {
    const wrong = `the cookie ${name} has no SameSite, and goes with requests of other sites`
    if (/csrf/i.test(name)) yield { code: 'cookies-anticsrf-without-samesite-flag', wrong, instead }
  } else if (!['lax', 'strict', 'none'].includes(sameSite) || (sameSite === 'none' && !isSecure)) {
    const wrong = `the cookie ${name} says SameSite=${sameSite}${sameSite === 'none' ? ' without Secure' : ''}, which browsers drop`
    yield { code: 'cookies-samesite-flag-invalid', wrong, instead }
  }
}
