/** Starts examples, each in a process of its own. */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './pages.ts'
import { withChecks } from './programs.ts'
import type { Told } from './runner.ts'

export interface Running {
  /** Which port each one of the page is here: `{ 3000: 41_234 }`. */
  readonly ports: Readonly<Record<string, number>>
  stop(): Promise<void>
}

/** Values of the environment that examples ask for. */
const given = { CLIENT_SECRET: 'of-the-client', COOKIE_SECRET: 'a random string of 32 characters or more' }

/**
 * Runs an example in the folder of its project. Resolves when it is through, and what it has started listens.
 *
 * @throws Error with what the example has thrown
 */
export async function run(folder: string, code: string, env: Readonly<Record<string, string>>): Promise<Running> {
  const file = `example-${randomUUID()}.ts`
  writeFileSync(join(folder, file), withChecks(code))
  const typescript = pathToFileURL(join(root, 'tools/typescript.js')).href
  const child = fork(join(import.meta.dirname, 'runner.ts'), [file], {
    cwd: folder,
    env: { ...process.env, ...given, ...env },
    execArgv: ['--conditions=@outerware/source', '--import', typescript],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += String(chunk)))
  const gone = once(child, 'exit')
  const told = await Promise.race([
    once(child, 'message').then(([message]) => message as Told),
    gone.then((): Told => ({ failed: `It has ended:\n${printed}` })),
  ])
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await gone
  }
  if ('ports' in told) return { ports: told.ports, stop }
  await stop()
  throw new Error(`${told.failed}\n${printed}`)
}
