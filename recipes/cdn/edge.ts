/**
 * Starts nginx in the place of a CDN, with the addresses of this run.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recipeFile } from './folder.ts'

/** Where it stands, and whom it asks. */
export interface EdgeOptions {
  readonly PORT: number
  /** Port of the site. */
  readonly SITE: number
  /** The name by which it asks the site. */
  readonly FETCHED_AS: string
}

/** Starts nginx with an empty cache, until it listens. @returns what stops it */
export async function startEdge(options: EdgeOptions): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'cdn-'))
  // Started by root, nginx works as somebody else, who must get to the cache.
  chmodSync(home, 0o711)
  const words: Readonly<Record<string, string | number>> = { ...options, HOME: home }
  const config = readFileSync(recipeFile('nginx.conf'), 'utf8')
  const file = join(home, 'nginx.conf')
  writeFileSync(
    file,
    config.replace(/\b(?:HOME|PORT|SITE|FETCHED_AS)\b/g, (word) => String(words[word])),
  )
  const child = spawn('nginx', ['-e', 'stderr', '-p', home, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = once(child, 'exit')
  // It is written once the port is nginx's own: that somebody answers there would not say who.
  while (!existsSync(join(home, 'nginx.pid'))) {
    if (child.exitCode !== null) throw new Error(`nginx has not started: is port ${options.PORT} taken?`)
    await sleep(50)
  }
  return async () => {
    child.kill('SIGTERM')
    await gone
    rmSync(home, { recursive: true, force: true })
  }
}
