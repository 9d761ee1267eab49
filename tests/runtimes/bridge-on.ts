/**
 * The bridge on another runtime's `node:http`, and what may differ there; and the laws on that runtime.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from './runtimes.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/**
 * Kinds whose record differs though their bytes are the same, or that a runtime does otherwise by itself.
 *
 * - Bun: a response says `statusMessage` and `writableFinished` later, passes `null` on to `writeHead`, takes chunks that
 *   are none, keeps a connection open whose server closes while the answer is held, and lets a write leave that comes in
 *   the tick of a cut; one body is chunked that could have had a length.
 * - Deno: a connection that is destroyed right behind its answer may take the answer with it.
 */
const allowed: Readonly<Record<string, RegExp>> = {
  Bun: /states|double|own-methods|wrong-chunk|body-refused|empty-write|trailers-unsent|destroy|ticks-and-cut|as it answers, late/,
  Deno: /destroy-(?:after-end|socket-after-end|soon)|throws-after-end|states/,
}

/** What came of it. */
export interface Bridged {
  readonly summary: string | undefined
  /** The kinds that differ and must not. */
  readonly wrong: readonly string[]
}

export async function bridgeOn(name: string, command: Command | undefined): Promise<Bridged> {
  if (command === undefined) return { summary: undefined, wrong: [] }
  // The compiler leaves behind what is no code.
  cpSync(path('../../../tests/hosts/files'), path('../hosts/files'), { recursive: true })
  const lines = await linesOf(command)
  const summary = lines.at(-1) ?? 'nothing'
  if (!/^\d+ the same/.test(summary)) return { summary, wrong: ['the bridge did not come to its end'] }
  return { summary, wrong: lines.slice(0, -1).filter((line) => allowed[name]?.test(line) !== true) }
}

/** The laws on another runtime, none of which may be broken. */
export async function lawsOn(command: Command | undefined): Promise<Bridged> {
  if (command === undefined) return { summary: undefined, wrong: [] }
  const lines = await linesOf(command)
  const summary = lines.at(-1) ?? 'nothing'
  if (!/^\d+ kept/.test(summary)) return { summary, wrong: ['the laws did not come to their end'] }
  return { summary, wrong: lines.slice(0, -1) }
}

function linesOf([file, ...args]: Command): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, NO_COLOR: '1' } })
    const timer = setTimeout(() => child.kill('SIGKILL'), 900_000)
    let text = ''
    child.stdout.on('data', (chunk) => (text += String(chunk)))
    child.once('close', () => {
      clearTimeout(timer)
      // Middleware logs there, too.
      resolve(text.split('\n').filter((line) => /^\w+: |^\d+ (?:the same|kept)/.test(line)))
    })
  })
}
