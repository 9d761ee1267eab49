/**
 * The command: arguments in, lines and an exit code out.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { bar, type Terminal } from './bar.ts'
import { encodings, isAvailable } from './codecs.ts'
import { compress, type Compressed } from './compress.ts'
import type { Encoding } from '../options.ts'
import type { CompressOptions } from './options.ts'
import { fileLine, problems, summary } from './report.ts'
import { hasDictionaries } from './zstd-dictionary.ts'

const usage = `Usage: outerware-static compress DIR [options]

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
} as const

/**
 * Runs the command.
 *
 * @param args without the names of Node and of the program
 * @param out for what was done
 * @param err for what is wrong, and for the bar, if it is a terminal
 * @returns the exit code: 0, or 1 if something is wrong with the files, or 2 if it is with the arguments
 */
export async function command(args: readonly string[], out: Terminal, err: Terminal): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [name, dir, ...more] = positionals
    if (values.help) return say(out, usage, 0)
    if (name !== 'compress' || dir === undefined || more.length > 0) return say(err, usage, 2)
    return await run(dir, values, out, err)
  } catch (error) {
    const { code, message } = Object(error)
    if (typeof code !== 'string') throw error
    say(err, `outerware-static: ${inArguments(String(message))}\n`, 1)
    return code === 'ERR_OPTION' || code.startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

async function run(dir: string, values: Values, out: Terminal, err: Terminal): Promise<number> {
  const { check, quiet } = values
  const started = performance.now()
  const shown = bar(err)
  const isShown = err.isTTY === true && !quiet
  const compressed = await compress(dir, {
    ...optionsOf(values),
    onFile(file, done, total) {
      if (isShown) shown.show(done, total, file.path)
      else if (!check && !quiet) out.write(fileLine(file))
    },
  }).finally(() => isShown && shown.clear())
  if (!quiet) tell(compressed, values, out, err, performance.now() - started)
  const wrong = check ? problems(compressed) : []
  for (const line of wrong) err.write(line)
  if (wrong.length > 0) err.write(`To mend it: npx outerware-static compress ${dir}\n`)
  return wrong.length > 0 ? 1 : 0
}

function tell(compressed: Compressed, values: Values, out: Terminal, err: Terminal, ms: number): void {
  for (const { path, reason } of compressed.skipped) err.write(`left out: ${path}: ${reason}\n`)
  out.write(summary(compressed, values.check, ms))
  if (!isAvailable('zstd') && (values.zstd || wantedOf(values).length === 0)) {
    out.write(`zstd is left out: it needs Node 22.15 or later, and this is ${process.version}\n`)
  }
  if (values.dictionary !== undefined && !hasDictionaries()) {
    out.write(`dcz is left out: it needs Node 22.19 or 24.6, and this is ${process.version}\n`)
  }
}

function optionsOf(values: Values): CompressOptions {
  const wanted = wantedOf(values)
  return {
    check: values.check,
    ...(wanted.length > 0 && { encodings: wanted.filter(isAvailable) }),
    ...(values['min-ratio'] !== undefined && { minRatio: numberOf(values['min-ratio']) }),
    ...(values.concurrency !== undefined && { concurrency: numberOf(values.concurrency) }),
    ...(values.exclude && { exclude: values.exclude }),
    ...(values.manifest && { manifest: values.manifest }),
    ...(values.dictionary && hasDictionaries() && { dictionary: values.dictionary }),
  }
}

function wantedOf(values: Values): readonly Encoding[] {
  return encodings.filter((encoding) => values[encoding])
}

/** NaN also for an empty text, which is no number to a person. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** The names that a person has typed. */
function inArguments(message: string): string {
  return message
    .replace(/^compress\(dir\)/, 'DIR')
    .replace(
      /^compress\.(\w+)/,
      (_, name: string) => `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`,
    )
}

function say(to: Terminal, text: string, code: number): number {
  to.write(text)
  return code
}
