/**
 * The error of set-up: thrown once, when a wrapper is made with something that it cannot use.
 *
 * @module
 */
import { nearest } from './nearest.ts'

/**
 * Says which option is wrong, what is wanted and what was given.
 *
 * Ask for `error.code === 'ERR_OPTION'`, never for `instanceof`: two copies of this package, or two realms, break that.
 *
 * @example
 * throw new OptionError('hsts.maxAge', 'a whole number of seconds >= 0', -1)
 * // OptionError: hsts.maxAge must be a whole number of seconds >= 0, got -1
 */
export class OptionError extends TypeError {
  override readonly name = 'OptionError'
  readonly code = 'ERR_OPTION'
  /** The option, as its path: `hsts.maxAge`. */
  readonly option: string

  /**
   * @param option the option's path, such as `hsts.maxAge`
   * @param wanted what it must be, in words that follow "must be"
   * @param given what was given instead; shown shortened
   * @param secret `true` keeps the given value out of the message
   * @param instead what to write, where what was given tells what was meant
   */
  constructor(option: string, wanted: string, given: unknown, secret = false, instead = '') {
    const got = secret ? describeKind(given) : describe(given)
    super(`${option} must be ${wanted}, got ${got}${instead && `; ${instead}`}`)
    this.option = option
  }
}

/**
 * Checks the names of a wrapper's options, and refuses an app in their place: `compression(app)` for
 * `compression()(app)`, or `compose(compression)` for `compose(compression())`.
 *
 * @throws {@link OptionError} as {@link checkNames} does
 */
export function checkOptions(wrapper: string, options: unknown, names: readonly string[]): void {
  if (typeof options === 'function') {
    const instead = `write ${wrapper}(options)(app), or ${wrapper}(options) in compose()`
    throw new OptionError(`${wrapper}(…)`, 'called with its options first', options, false, instead)
  }
  checkNames(wrapper, options, names)
}

/**
 * Refuses what is no object of options, and a name that is none of theirs: a misspelt option must not be a default.
 *
 * @param path the wrapper, or the path of an option that has members: `serve`, `oidc.session`
 * @param secret `true` keeps values out of the message
 * @throws {@link OptionError} that names the option that was meant, and those that exist
 */
export function checkNames(path: string, options: unknown, names: readonly string[], secret = false): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError(path, 'an object of options', options, secret)
  }
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) throw new OptionError(`${path}.${name}`, leftOut(name, names), value, secret)
  }
}

/** What an option that does not exist must be: the one that was meant, or none. */
function leftOut(name: string, names: readonly string[]): string {
  const meant = nearest(name, names)
  return `${meant === undefined ? '' : `${meant}, or `}left out: there is no such option, but ${names.join(', ')}`
}

/** Shows a value in a message: shortened, in one line, and never throwing. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return shorten(JSON.stringify(value))
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `a function${value.name ? ` ${value.name}()` : ''}`
  if (typeof value !== 'object' || value === null) return String(value)
  const kind = kindOf(value)
  if (kind === 'Promise') return 'a Promise (is an await missing?)'
  // oxlint-disable-next-line no-base-to-string -- these two say what they are
  if (kind === 'RegExp' || kind === 'URL') return shorten(String(value))
  if (kind !== 'Object' && kind !== 'Array') return `${article(kind)} ${kind}`
  try {
    return shorten(JSON.stringify(value) ?? describeKind(value))
  } catch {
    return describeKind(value)
  }
}

function describeKind(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (Array.isArray(value)) return `an array of ${value.length}`
  return `${article(typeof value)} ${typeof value}`
}

/** The name of its class; of whichever realm. */
function kindOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  return tag === 'Object' ? value.constructor?.name || tag : tag
}

function article(noun: string): string {
  return /^[aeio]/i.test(noun) ? 'an' : 'a'
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}
