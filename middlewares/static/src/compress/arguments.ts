/**
 * The arguments of the command, and what is said of those that are wrong: to a person, in the names that were typed.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import type { Encoding } from '../options.ts'
import { encodings, isAvailable } from './codecs.ts'
import type { CompressOptions } from './options.ts'
import { hasDictionaries } from './zstd-dictionary.ts'

export const usage = `Usage: outerware-static compress DIR [options]

Makes coded forms of the files in DIR, for staticFiles() to send: app.js.br, app.js.gz, app.js.zst.

  --br, --gzip, --zstd  only these codings (default: all that this Node has)
  --min-ratio NUMBER    the most that a form may have of its file's size (default: 0.95)
  --exclude EXT         leaves files of this extension as they are; may be given again
  --manifest FILE       a bundler's manifest, which tells whose names have a hash (default: DIR/.vite/manifest.json)
  --dictionary DIR      an earlier build, for whose clients deltas are made (RFC 9842); may be given again
  --concurrency N       files at the same time (default: one for each core)
  --check               writes nothing; exits with 1 and a list if something is missing or stale
  -q, --quiet           says nothing but what is wrong
  -h, --help            says this
  --version             says which one it is
`

const options = {
  br: { type: 'boolean' },
  gzip: { type: 'boolean' },
  zstd: { type: 'boolean' },
  'min-ratio': { type: 'string' },
  exclude: { type: 'string', multiple: true },
  manifest: { type: 'string', multiple: true },
  dictionary: { type: 'string', multiple: true },
  concurrency: { type: 'string' },
  check: { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const

/** What was typed. */
export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** A mistake of whoever has typed. */
export class UsageError extends Error {
  readonly code = 'ERR_USAGE'
}

/**
 * Reads the arguments.
 *
 * @returns the directory, none if only `--help` or `--version` is asked for
 * @throws {@link UsageError}
 */
export function read(args: readonly string[]): { readonly values: Values; readonly dir: string } {
  const { values, positionals } = parse(args)
  const [name, dir, ...more] = positionals
  if (values.help || values.version) return { values, dir: '' }
  if (name !== 'compress')
    throw new UsageError(name === undefined ? 'what is to be done?' : `there is no command ${name}`)
  if (dir === undefined) throw new UsageError('which directory is to be compressed?')
  if (more.length > 0) throw new UsageError(`one directory at a time, and not ${more.join(' ')} as well`)
  return { values, dir }
}

function parse(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // Node's advice on arguments that begin with a dash is of no use here.
    throw new UsageError(String(Object(error).message).replace(/\. To specify .*/s, ''))
  }
}

/** The same for `compress()`. */
export function optionsOf(values: Values): CompressOptions {
  const wanted = wantedOf(values)
  return {
    check: values.check,
    ...(wanted.length > 0 && { encodings: wanted.filter(isAvailable) }),
    ...(values['min-ratio'] !== undefined && { minRatio: numberOf('min-ratio', values['min-ratio']) }),
    ...(values.concurrency !== undefined && { concurrency: numberOf('concurrency', values.concurrency) }),
    ...(values.exclude && { exclude: values.exclude }),
    ...(values.manifest && { manifest: values.manifest }),
    ...(values.dictionary && hasDictionaries() && { dictionary: values.dictionary }),
  }
}

/** The codings that are named. */
export function wantedOf(values: Values): readonly Encoding[] {
  return encodings.filter((encoding) => values[encoding])
}

/** An empty text is no number to a person. */
function numberOf(option: string, text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(number)) throw new UsageError(`--${option} must be a number, got ${JSON.stringify(text)}`)
  return number
}

/** Says what is wrong with an option of `compress()` in the names that a person has typed. */
export function inArguments(message: string): string {
  return message
    .replace(/^compress\(dir\)/, 'DIR')
    .replace(
      /^compress\.(\w+)/,
      (_, name: string) => `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`,
    )
}
