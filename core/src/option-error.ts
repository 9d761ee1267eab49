/**
 * The error of set-up: thrown once, when a wrapper is made with something that it cannot use.
 *
 * @module
 */

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
   */
  constructor(option: string, wanted: string, given: unknown, secret = false) {
    super(`${option} must be ${wanted}, got ${secret ? describeKind(given) : describe(given)}`)
    this.option = option
  }
}

/**
 * Refuses what is no object of options, and a name that is none of theirs: a misspelt option must not be a default.
 *
 * @throws {@link OptionError} that names those that exist
 */
export function checkNames(path: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new OptionError(path, 'an object of options', options)
  for (const [name, value] of Object.entries(options)) {
    if (names.includes(name)) continue
    throw new OptionError(`${path}.${name}`, `left out: there is no such option, but ${names.join(', ')}`, value)
  }
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
