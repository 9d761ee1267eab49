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
  const { command, package: debian } = program
  const isThere = spawnSync(command, ['-v']).error === undefined
  const missing = `There is no ${command}; install it (Debian: apt-get install ${debian}).`
  const isSkipped = !isThere && process.env['CI'] !== 'true'
  if (isSkipped) console.info(`${name}: skipped. ${missing}`)
  const describeOrSkip = isSkipped ? describe.skip : describe
  describeOrSkip(name, () => {
    const stops: (() => unknown)[] = []
    let prepared: T | undefined
    beforeAll(async () => {
      if (!isThere) throw new Error(missing)
      prepared = await prepare(await placeFor(command, stops))
    })
    afterAll(async () => {
      for (const stop of stops.reverse()) await stop()
    })
    tests(() => prepared!)
  })
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

/** Waits until it listens; it has half a minute. */
async function untilListening(command: string, port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
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
