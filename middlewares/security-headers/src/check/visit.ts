/**
 * A walk through a site, as the Observatory does it: by http and by https, along the redirects, with the cookies; then
 * `/robots.txt`, and a preflight of another origin.
 *
 * @module
 */
import { ask, type Answer, type AskOptions } from './ask.ts'
import { readSetCookie } from './cookies.ts'
import type { Page, Seen } from './seen.ts'

/** Where a site is reached. */
export interface Addresses {
  readonly http: URL | undefined
  readonly https: URL | undefined
}

/** Nobody answers, neither way. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers'
  readonly code = 'ERR_NOBODY_ANSWERS'
}

/** Walks through a site. */
export async function visit(addresses: Addresses, options: AskOptions): Promise<{ seen: Seen; answer: Answer }> {
  const open = await walk(addresses.http, options)
  const secure = await walk(addresses.https, options)
  const main = secure.answers.length > 0 ? secure : open
  const answer = main.answers.at(-1)
  if (answer === undefined) throw new NobodyAnswers(reasonOf(secure.error ?? open.error))
  const cookies = await cookiesOf(main.answers, options)
  const https =
    secure.answers.length === 0
      ? 'none'
      : secure.answers.every(({ isVerified }) => isVerified)
        ? 'verified'
        : 'unverified'
  const route = open.answers.length > 0 ? { route: open.answers.map(({ url }) => url) } : { route: undefined }
  const preflight = await preflightOf(answer, options)
  return { answer, seen: { page: pageOf(answer), https, ...route, cookies, ...preflight } }
}

interface Walk {
  readonly answers: readonly Answer[]
  readonly error?: unknown
}

/** Follows redirects, ten at most, and gives back the cookies of each host. */
async function walk(start: URL | undefined, options: AskOptions): Promise<Walk> {
  const answers: Answer[] = []
  const jar = new Map<string, Map<string, string>>()
  try {
    for (let url = start; url !== undefined && answers.length <= 10;) {
      const own = jar.get(url.hostname) ?? new Map<string, string>()
      const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await ask(url, options, { headers: cookie === '' ? {} : { cookie } })
      answers.push(answer)
      for (const { name, value } of cookieLines(answer).flatMap((line) => readSetCookie(line) ?? []))
        own.set(name, value)
      jar.set(url.hostname, own)
      url = nextOf(answer)
    }
  } catch (error) {
    return { answers: start?.protocol === 'https:' && answers.length === 0 ? [] : answers, error }
  }
  return { answers }
}

function nextOf({ url, status, fields }: Answer): URL | undefined {
  const location = fields.get('location')?.[0]
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, url.href))
    return undefined
  const next = new URL(location, url)
  return /^https?:$/.test(next.protocol) ? next : undefined
}

function cookieLines({ fields }: Answer): readonly string[] {
  return fields.get('set-cookie') ?? []
}

async function cookiesOf(answers: readonly Answer[], options: AskOptions): Promise<string[]> {
  const start = answers[0]
  if (start === undefined) return []
  const robots = await ask(new URL('/robots.txt', start.url), options).catch(() => undefined)
  return [...answers, ...(robots === undefined ? [] : [robots])].flatMap(cookieLines)
}

/** An origin that nobody has (RFC 6761, section 6.4). */
const stranger = 'https://outerware-check.invalid'

async function preflightOf({ url }: Answer, options: AskOptions): Promise<Pick<Seen, 'preflight'>> {
  const headers = { origin: stranger, 'access-control-request-method': 'GET' }
  const answer = await ask(url, options, { method: 'OPTIONS', headers }).catch(() => undefined)
  return answer === undefined ? {} : { preflight: { origin: stranger, fields: answer.fields } }
}

function pageOf({ url, fields, body }: Answer): Page {
  const type = fields.get('content-type')?.[0] ?? ''
  const isHtml = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(type) && !fields.has('content-encoding')
  return { url, fields, html: isHtml ? body : '' }
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = Object(error)
  const first = Array.isArray(errors) ? Object(errors[0]).message : undefined
  return String(message || first || code || 'no address is given')
}
