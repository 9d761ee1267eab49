import { afterAll, beforeAll, describe } from '@jest/globals'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program of Debian that some tests need. */
export interface Program {
  readonly command: string
  /** The package that it is in. */
  readonly package: string
  /** How it is asked whether it is there, where it takes more than a command: it must succeed. */
  readonly proof?: readonly string[]
}

/** Where a program runs: a folder of its own, and a port that was free. */
export interface Place {
  readonly folder: string
  readonly port: number
  /** Starts it, and waits until it listens on the port. It is stopped when the tests are over. */
  start(args: readonly string[]): Promise<ChildProcess>
  /** Has something else done then. */
  finally(stop: () => unknown): void
}

/**
 * Describes what happens with a program that really runs. Where it is missing the tests are skipped, with one line that
 * says so; where `CI` is `true` that is a failure.
 *
 * @param prepare starts it, and gives what the tests need of it
 */
export function overProgram<T>(
  name: string,
  program: Program,
  prepare: (place: Place) => Promise<T>,
  tests: (prepared: () => T) => void,
): void {
  describeWith(name, [program], () => {
    const stops: (() => unknown)[] = []
    let prepared: T | undefined
    beforeAll(async () => {
      prepared = await prepare(await placeFor(program.command, stops))
    })
    afterAll(async () => {
      for (const stop of stops.reverse()) await stop()
    })
    tests(() => prepared!)
  })
}

/**
 * Describes what needs programs that it starts itself. Where one is missing the tests are skipped, with one line that
 * says so; where `CI` is `true` that is a failure.
 */
export function describeWith(name: string, programs: readonly Program[], tests: () => void): void {
  const missing = programs
    .filter((program) => !isThere(program))
    .map(({ command, package: debian }) => `There is no ${command}; install it (Debian: apt-get install ${debian}).`)
  const isSkipped = missing.length > 0 && process.env['CI'] !== 'true'
  if (isSkipped) console.info(`${name}: skipped. ${missing.join(' ')}`)
  const describeOrSkip = isSkipped ? describe.skip : describe
  describeOrSkip(name, () => {
    beforeAll(() => {
      if (missing.length > 0) throw new Error(missing.join(' '))
    })
    tests()
  })
}

function isThere({ command, proof }: Program): boolean {
  const { error, status } = spawnSync(command, proof ?? ['-v'])
  return proof === undefined ? error === undefined : status === 0
}

async function placeFor(command: string, stops: (() => unknown)[]): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), `outerware-${command}-`))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  return {
    folder,
    port,
    async start(args) {
      const child = spawn(command, args, { stdio: 'ignore', cwd: folder })
      stops.push(() => end(child))
      await untilListening(command, port, child)
      return child
    },
    finally: (stop) => void stops.push(stop),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  // To a program that stands still, too.
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await gone
  clearTimeout(timer)
}

/**
 * Finds a port of loopback that nobody listens on. It is below those that a system gives away by itself: one of them
 * would be somebody else's by the time that the program is up.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** Waits until it listens; it has two minutes. */
async function untilListening(command: string, port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1200 && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await sleep(100)
  }
  throw new Error(`${command} does not listen`)
}
