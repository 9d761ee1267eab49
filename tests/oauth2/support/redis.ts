import { createClient } from 'redis'
import { overProgram, type Place } from '../../support/index.ts'

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

const program = { command: 'redis-server', package: 'redis-server' }

/**
 * Describes what happens over a real Redis. Without `redis-server` the tests are skipped, with one line that says so;
 * where `CI` is `true` that is a failure.
 */
export function overRedis(name: string, tests: (redis: () => TestRedis) => void): void {
  overProgram(name, program, start, tests)
}

async function start(place: Place): Promise<TestRedis> {
  const { port, folder } = place
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  const child = await place.start(options)
  const url = `redis://127.0.0.1:${port}`
  const client = async (): Promise<TestClient> => {
    const made = clientAt(url)
    made.on('error', () => {})
    await made.connect()
    place.finally(() => made.destroy())
    return made
  }
  const own = await client()
  const run = (...command: string[]): Promise<unknown> => own.sendCommand(command)
  return {
    url,
    client,
    run,
    dump: () => dumpOf(run),
    pause: (isPaused) => void child.kill(isPaused ? 'SIGSTOP' : 'SIGCONT'),
  }
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
