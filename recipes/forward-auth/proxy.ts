/**
 * Starts nginx with the addresses of this run.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recipeFile } from './folder.ts'

/** Ports of this machine. */
export interface Ports {
  readonly PORT: number
  readonly GATE: number
  readonly UPSTREAM: number
}

/** Starts nginx, until it listens. @returns what stops it */
export async function startNginx(ports: Ports): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'forward-auth-'))
  const words: Readonly<Record<string, string | number>> = { ...ports, HOME: home }
  const config = readFileSync(recipeFile('nginx.conf'), 'utf8')
  const file = join(home, 'nginx.conf')
  writeFileSync(
    file,
    config.replace(/\b(?:HOME|PORT|GATE|UPSTREAM)\b/g, (word) => String(words[word])),
  )
  const child = spawn('nginx', ['-e', 'stderr', '-p', home, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = once(child, 'exit')
    .catch((cause: unknown) => {
      throw new Error('There is no nginx on this machine: apt-get install nginx', { cause })
    })
    .finally(() => rmSync(home, { recursive: true, force: true }))
  // It is written once the port is nginx's own: that somebody answers there would not say who.
  while (!existsSync(join(home, 'nginx.pid'))) {
    await Promise.race([sleep(50), gone])
    if (child.exitCode !== null) throw new Error(`nginx has not started: is port ${ports.PORT} taken?`)
  }
  return async () => {
    child.kill('SIGTERM')
    await gone
  }
}
