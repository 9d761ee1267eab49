/**
 * What a Content-Security-Policy lets pass, by the rules of MDN's HTTP Observatory (its algorithm 6).
 *
 * @module
 */

/** Something to mend, or a bonus: `points` above 0. */
export interface Grade {
  readonly points: number
  /** What is wrong, in words that follow the option's name; empty for a bonus. */
  readonly text: string
}

/**
 * Judges a policy. Of what is wrong the Observatory counts the worst only.
 *
 * @param policy as it is sent; `undefined` if none is enforced
 */
export function gradePolicy(policy: string | undefined): Grade[] {
  if (policy === undefined) return [{ points: -25, text: 'is not enforced: a script that gets into a page runs' }]
  const directives = readPolicy(policy)
  const sources = (name: string): readonly string[] => directives.get(name) ?? directives.get('default-src') ?? ['*']
  const scripts = effective(sources('script-src'))
  const styles = effective(sources('style-src'))
  const active = [...directives].flatMap(([name, own]) => (passive.includes(name) ? [] : own))
  const grades: Grade[] = []
  const warn = (points: number, text: string, holds: boolean): void => {
    if (holds) grades.push({ points, text })
  }
  warn(-25, "has 'strict-dynamic' without a nonce or hash: no script runs", isStuck(sources('script-src')))
  warn(-20, "lets inline scripts run: give them a nonce in place of 'unsafe-inline' or data:", isInline(scripts))
  warn(-20, 'lets scripts come from everywhere', isBroad(scripts))
  warn(-20, "lets plug-ins come from everywhere: set object-src to 'none'", isBroad(sources('object-src')))
  warn(-20, 'lets scripts, styles or frames come by http', active.some(isInsecure))
  warn(-10, "lets texts become code: take 'unsafe-eval' out", [...scripts, ...styles].includes("'unsafe-eval'"))
  warn(-10, 'lets images or media come by http', passive.flatMap(sources).some(isInsecure))
  warn(
    0,
    'lets styles in from everywhere or inline, and so what reads a page by its looks',
    isBroad(styles) || isInline(styles),
  )
  if (grades.length === 0) grades.push({ points: sources('default-src').join(' ') === "'none'" ? 10 : 5, text: '' })
  return grades
}

const passive = ['img-src', 'media-src']

/** Reads a policy into sources by directive; of two of one name the first counts, as in browsers. */
export function readPolicy(policy: string): Map<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>()
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/)
    if (name !== '' && !directives.has(name)) directives.set(name, sources)
  }
  return directives
}

/** What browsers of today make of sources: a nonce switches 'unsafe-inline' off, with 'strict-dynamic' all hosts too. */
function effective(sources: readonly string[]): readonly string[] {
  if (!hasNonce(sources)) return sources
  const isStrict = sources.includes("'strict-dynamic'")
  return sources.filter((source) => source !== "'unsafe-inline'" && (!isStrict || source.startsWith("'")))
}

function hasNonce(sources: readonly string[]): boolean {
  return sources.some((source) => /^'(?:nonce|sha256|sha384|sha512)-/.test(source))
}

function isStuck(sources: readonly string[]): boolean {
  return sources.includes("'strict-dynamic'") && !hasNonce(sources)
}

function isInline(sources: readonly string[]): boolean {
  return sources.includes("'unsafe-inline'") || sources.includes('data:')
}

const broad = /^(?:\*|(?:https?|ftp):(?:\/\/\*(?:\.\*)?)?)$/

function isBroad(sources: readonly string[]): boolean {
  return sources.some((source) => broad.test(source))
}

function isInsecure(source: string): boolean {
  return source.startsWith('http:') || source.startsWith('ftp:')
}
