/**
 * The command: arguments in, lines and an exit code out.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { printable } from '../printable.ts'
import { COMPRESSOR_MANIFEST } from '../scan/manifests.ts'
import { inArguments, optionsOf, read, usage, UsageError, wantedOf, type Values } from './arguments.ts'
import { bar, type Terminal } from './bar.ts'
import { isAvailable } from './codecs.ts'
import { compress, type Compressed } from './compress.ts'
import { fileLine, problems, summary } from './report.ts'
import { hasDictionaries } from './zstd-dictionary.ts'

/**
 * Runs the command.
 *
 * @param args without the names of Node and of the program
 * @param out for what was done
 * @param err for what is wrong, and for the bar, if it is a terminal
 * @returns the exit code: 0, or 1 if something is wrong with the files, or 2 if it is with the arguments
 */
export async function command(args: readonly string[], out: Terminal, err: Terminal): Promise<number> {
  if (args.length === 0) return say(err, usage, 2)
  try {
    const { values, dir } = read(args)
    if (values.help) return say(out, usage, 0)
    if (values.version) return say(out, `${version()}\n`, 0)
    checkProject(dir)
    return await run(dir, values, out, err)
  } catch (error) {
    const { code, message } = Object(error)
    if (typeof code !== 'string') throw error
    say(err, `outerware-static: ${inArguments(String(message))}\n`, 1)
    if (code === 'ERR_USAGE') say(err, `${usage.slice(0, usage.indexOf('\n'))}; --help says more\n`, 2)
    return code === 'ERR_OPTION' || code === 'ERR_USAGE' ? 2 : 1
  }
}

function version(): string {
  const { name, version: number } = createRequire(import.meta.url)('../../package.json')
  return `${name} ${number}, on Node ${process.version}`
}

/** Who is tired types a dot, and gets a thousand forms of what he has installed. */
function checkProject(dir: string): void {
  if (!existsSync(join(dir, 'node_modules'))) return
  throw new UsageError(`${dir} is a whole project, with its node_modules: which directory is served?`)
}

async function run(dir: string, values: Values, out: Terminal, err: Terminal): Promise<number> {
  const { check, quiet } = values
  const started = performance.now()
  const shown = bar(err)
  const isShown = err.isTTY === true && !quiet
  const compressed = await compress(dir, {
    ...optionsOf(values),
    onFile(file, done, total) {
      if (isShown) shown.show(done, total, printable(file.path))
      else if (!check && !quiet) out.write(fileLine(file))
    },
  }).finally(() => isShown && shown.clear())
  if (!quiet) tell(compressed, values, out, err, performance.now() - started)
  const wrong = check ? problems(compressed, existsSync(join(dir, COMPRESSOR_MANIFEST))) : []
  for (const line of wrong) err.write(line)
  if (wrong.length > 0) err.write(`To mend it: npx outerware-static compress ${dir}\n`)
  return wrong.length > 0 ? 1 : 0
}

function tell(compressed: Compressed, values: Values, out: Terminal, err: Terminal, ms: number): void {
  for (const { path, reason } of compressed.skipped) err.write(`left out: ${printable(`${path}: ${reason}`)}\n`)
  out.write(summary(compressed, values.check, ms))
  if (!isAvailable('zstd') && (values.zstd || wantedOf(values).length === 0)) {
    out.write(`zstd is left out: it needs Node 22.15 or later, and this is ${process.version}\n`)
  }
  if (values.dictionary !== undefined && !hasDictionaries()) {
    out.write(`dcz is left out: it needs Node 22.19 or 24.6, and this is ${process.version}\n`)
  }
}

function say(to: Terminal, text: string, code: number): number {
  to.write(text)
  return code
}
