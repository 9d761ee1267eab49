/**
 * nginx and Redis, with the addresses of this run, in a folder that is gone when they are.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recipeFile } from './folder.ts'

/** Stops a program, and resolves when it has ended. */
export type Stop = () => Promise<void>

/** Starts Redis, which keeps nothing on disk. */
export function startRedis(port: number): Promise<Stop> {
  const words = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']
  return start('redis-server', port, (home) => [...words, '--dir', home])
}

/** Starts nginx in front of three machines. */
export function startNginx(port: number, machines: readonly number[]): Promise<Stop> {
  const [ONE, TWO, THREE] = machines
  return start('nginx', port, (home) => {
    const words: Readonly<Record<string, unknown>> = { HOME: home, PORT: port, ONE, TWO, THREE }
    const config = readFileSync(recipeFile('nginx.conf'), 'utf8')
    const file = join(home, 'nginx.conf')
    writeFileSync(
      file,
      config.replace(/\b(?:HOME|PORT|ONE|TWO|THREE)\b/g, (word) => String(words[word])),
    )
    return ['-e', 'stderr', '-p', home, '-c', file]
  })
}

async function start(command: string, port: number, prepare: (home: string) => string[]): Promise<Stop> {
  // Else whoever has it would be taken for the program.
  if (await listens(port)) throw new Error(`Port ${port} is taken. Write another one: PORT=${port + 1} npm start`)
  const home = mkdtempSync(join(tmpdir(), 'many-machines-'))
  const child = spawn(command, prepare(home), { stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = once(child, 'exit')
    .catch((cause: unknown) => {
      throw new Error(`There is no ${command} on this machine: apt-get install nginx redis-server`, { cause })
    })
    .finally(() => rmSync(home, { recursive: true, force: true }))
  const isOpen = (): Promise<boolean> => Promise.race([listens(port), gone.then(() => false)])
  while (!(await isOpen())) {
    if (child.exitCode !== null) throw new Error(`${command} has not started`)
    await sleep(50)
  }
  return async () => {
    child.kill('SIGTERM')
    await gone
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const open = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return open
}

/**
 * Finds ports of this machine that nobody listens on. They are below those that a system gives away by itself, one of
 * which would be somebody else's by the time that it is used.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    if (!(await listens(port))) ports.add(port)
  }
  return [...ports]
}
