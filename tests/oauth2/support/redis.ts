import { afterAll, beforeAll, describe } from '@jest/globals'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'

/** A real Redis on a free port, in a folder of its own. */
export interface TestRedis {
  readonly url: string
  /** A client of the npm package, connected; it is closed when the tests are over. */
  client(): Promise<TestClient>
  /** Runs one command. */
  run(...command: string[]): Promise<unknown>
  /** Everything that is in it, names and values, as text. */
  dump(): Promise<string>
  /** Stands still, as on a machine that is stuck, or goes on. */
  pause(isPaused: boolean): void
}

const clientAt = (url: string) => createClient({ url })
export type TestClient = ReturnType<typeof clientAt>

const missing = 'There is no redis-server; install it (Debian: apt-get install redis-server).'
const isThere = spawnSync('redis-server', ['--version']).error === undefined

/**
 * Describes what happens over a real Redis. Without `redis-server` the tests are skipped, with one line that says so;
 * where `CI` is `true` that is a failure.
 */
export function overRedis(name: string, tests: (redis: () => TestRedis) => void): void {
  const isSkipped = !isThere && process.env['CI'] !== 'true'
  if (isSkipped) console.info(`${name}: skipped. ${missing}`)
  const describeOrSkip = isSkipped ? describe.skip : describe
  describeOrSkip(name, () => {
    let running: Running | undefined
    beforeAll(async () => {
      if (!isThere) throw new Error(missing)
      running = await start()
    })
    afterAll(() => running?.stop())
    tests(() => running!.redis)
  })
}

interface Running {
  readonly redis: TestRedis
  stop(): Promise<void>
}

async function start(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'outerware-redis-'))
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', options, { stdio: 'ignore' })
  await answers(port, child)
  const url = `redis://127.0.0.1:${port}`
  const clients: TestClient[] = []
  const client = async (): Promise<TestClient> => {
    const made = clientAt(url)
    made.on('error', () => {})
    await made.connect()
    clients.push(made)
    return made
  }
  const own = await client()
  const run = (...command: string[]): Promise<unknown> => own.sendCommand(command)
  const redis: TestRedis = {
    url,
    client,
    run,
    dump: () => dumpOf(run),
    pause: (isPaused) => void child.kill(isPaused ? 'SIGSTOP' : 'SIGCONT'),
  }
  return {
    redis,
    async stop() {
      for (const each of clients) each.destroy()
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until it listens; it has half a minute. */
async function answers(port: number, child: ChildProcess): Promise<void> {
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
  child.kill('SIGKILL')
  throw new Error('redis-server does not listen')
}

async function dumpOf(run: TestRedis['run']): Promise<string> {
  const keys = await run('KEYS', '*')
  if (!Array.isArray(keys)) return ''
  const lines = await Promise.all(
    keys.map(async (key) => {
      const type = await run('TYPE', String(key))
      const value = type === 'zset' ? run('ZRANGE', String(key), '0', '-1') : run('GET', String(key))
      return `${key} ${String(await value)}`
    }),
  )
  return lines.join('\n')
}
