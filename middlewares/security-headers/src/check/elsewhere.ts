/**
 * What the Observatory does not ask: the answers that a framework gives by itself, and whom a site believes.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { advice } from './advice.ts'
import { ask, type Answer, type AskOptions } from './ask.ts'
import type { SecurityFinding } from './score.ts'

/** What was asked, and how it was answered. */
export interface Asked {
  readonly target: string
  readonly status: number
}

/** What is wanted of every answer that the page has it on, whatever made that answer. */
const everywhere = [
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
]

/**
 * Asks for what is not there, for what no URL can be, and for further paths, and compares.
 *
 * @param page the answer that the others are held against
 */
export async function askElsewhere(
  page: Answer,
  paths: readonly string[],
  options: AskOptions,
): Promise<{ asked: Asked[]; findings: SecurityFinding[] }> {
  const targets = ['/robots.txt', `/${randomBytes(6).toString('hex')}`, '/%zz', ...paths]
  const answers = await Promise.all(targets.map((target) => ask(page.url, options, { target }).catch(() => undefined)))
  const given = targets.flatMap((target, i) => (answers[i] === undefined ? [] : [{ target, answer: answers[i] }]))
  return {
    asked: given.map(({ target, answer }) => ({ target, status: answer.status })),
    findings: given.flatMap(({ target, answer }) => compare(page, target, answer)),
  }
}

function compare(page: Answer, target: string, { status, fields }: Answer): SecurityFinding[] {
  const missing = everywhere.filter((name) => page.fields.has(name) && !fields.has(name))
  if (missing.length === 0) return []
  const wrong = `${target} (${status}) has no ${missing.join(', ')}, which ${page.url.pathname} has`
  const instead = "securityHeaders() around the whole site, where the framework's own answers pass it too"
  return [advice('headers-missing-elsewhere', wrong, instead)]
}

const stranger = 'outerware-check.invalid'

/** Asks for a host that nobody has, and by a forwarding field that nobody has set. */
export async function askAsStranger({ url }: Answer, options: AskOptions): Promise<SecurityFinding[]> {
  const findings: SecurityFinding[] = []
  const byHost = await ask(url, options, { headers: { host: stranger } }).catch(() => undefined)
  if (byHost !== undefined && (byHost.status < 400 || isEchoed(byHost))) {
    const wrong = `${url.pathname} is answered ${byHost.status} for the host ${stranger}${isEchoed(byHost) ? ', and the answer names it' : ''}`
    findings.push(advice('host-not-checked', wrong, `allowedHosts(['${url.hostname}'])`))
  }
  const forwarded = await ask(url, options, { headers: { 'x-forwarded-host': stranger } }).catch(() => undefined)
  if (forwarded !== undefined && isEchoed(forwarded)) {
    const wrong = `X-Forwarded-Host: ${stranger}, of whoever asks, comes back in the answer`
    findings.push(
      advice(
        'forwarded-host-believed',
        wrong,
        "trustedProxy({ proxies: ['10.0.0.0/8'] }), with the addresses of the proxies",
      ),
    )
  }
  return findings
}

function isEchoed({ fields, body }: Answer): boolean {
  return body.includes(stranger) || (fields.get('location') ?? []).some((location) => location.includes(stranger))
}
