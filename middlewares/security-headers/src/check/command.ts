/**
 * The command `outerware-check`: arguments in, lines and an exit code out.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { report } from './report.ts'
import { grades } from './score.ts'
import { checkSite } from './site.ts'
import type { Addresses } from './visit.ts'

/** Where lines go. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const usage = `Usage: outerware-check URL [URL] [options]

Asks a running site, by http and by https, grades it by the rules of MDN's HTTP Observatory, and lists what to mend,
with what Google's csp_evaluator finds in its policy.

  URL             where the site is; the other scheme is asked on its usual port, or where a second URL says
  --path PATH     a further path whose headers are looked at; may be given again
  --ignore CODE   a finding that somebody else sees to; may be given again
  --min-grade X   exits with 0 from this grade on, whatever is listed: A+, A, A-, B+ … F
  --ca FILE       a certificate to believe, in PEM; may be given again
  --insecure      believes every certificate: for a site on this machine
  --timeout N     how long an answer may take, in seconds (default: 10)
  --json          prints the result as JSON
  -h, --help      says this

Exits with 0 if there is nothing to mend, 1 if there is, 2 if the arguments are wrong, 3 if nobody answers.
`

const options = {
  path: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  'min-grade': { type: 'string' },
  ca: { type: 'string', multiple: true },
  insecure: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** What is wrong with the arguments, in words for a person. */
class ArgumentError extends Error {
  readonly code = 'ERR_PARSE_ARGS'
}

/**
 * Runs the command.
 *
 * @param args without the names of Node and of the program
 * @param out for the result
 * @param err for what is wrong with the arguments, or with the way to the site
 * @returns the exit code, as the usage tells
 */
export async function command(args: readonly string[], out: Terminal, err: Terminal): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help) return say(out, usage, 0)
    if (positionals.length === 0) return say(err, usage, 2)
    return await run(addressesOf(positionals), values, out)
  } catch (error) {
    const { code, message } = Object(error)
    if (typeof code !== 'string') throw error
    say(err, `outerware-check: ${message}\n`, 1)
    return code === 'ERR_NOBODY_ANSWERS' ? 3 : 2
  }
}

async function run(addresses: Addresses, values: Values, out: Terminal): Promise<number> {
  const { path: paths = [], ignore = [], ca = [], insecure } = values
  const least = gradeOf(values['min-grade'])
  const check = await checkSite(addresses, {
    paths: paths.map(checkPath),
    ignore,
    insecure,
    ca: ca.map((file) => readFileSync(file, 'utf8')),
    timeoutMs: timeoutOf(values.timeout),
  })
  const hasColour = out.isTTY === true && !process.env['NO_COLOR']
  out.write(values.json ? `${JSON.stringify(check, null, 2)}\n` : report(check, addresses, hasColour))
  if (least !== undefined) return grades.indexOf(check.grade) <= least ? 0 : 1
  return check.findings.length === 0 ? 0 : 1
}

/** One URL and its counterpart on the usual port; or two, one of each scheme. */
function addressesOf(given: readonly string[]): Addresses {
  if (given.length > 2) throw new ArgumentError(`${given[2]} is one URL too many`)
  const [first, second] = given.map(urlOf)
  const scheme = first!.protocol === 'https:' ? 'http:' : 'https:'
  if (second !== undefined && second.protocol !== scheme) {
    throw new ArgumentError('of two URLs one is the site by http, and one by https')
  }
  const other = second ?? counterpartOf(first!, scheme)
  return scheme === 'http:' ? { https: first, http: other } : { http: first, https: other }
}

function urlOf(text: string): URL {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(whole) || !/^https?:$/.test(new URL(whole).protocol)) {
    throw new ArgumentError(`${text} is no URL of a site, such as https://site.example`)
  }
  return new URL(whole)
}

/** `undefined` for a port of its own, which tells nothing of the other scheme's. */
function counterpartOf(url: URL, protocol: string): URL | undefined {
  return url.port === '' ? Object.assign(new URL(url), { protocol }) : undefined
}

function checkPath(path: string): string {
  if (/^\/[\x21-\x7e]*$/.test(path)) return path
  throw new ArgumentError(`--path must be a path such as /login, got ${path}`)
}

function timeoutOf(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 600) return seconds * 1000
  throw new ArgumentError(`--timeout must be a number of seconds, got ${text}`)
}

function gradeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const index = grades.findIndex((grade) => grade === text.toUpperCase())
  if (index === -1) throw new ArgumentError(`--min-grade must be one of ${grades.join(', ')}, got ${text}`)
  return index
}

function say(to: Terminal, text: string, code: number): number {
  to.write(text)
  return code
}
