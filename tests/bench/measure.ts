/** Starting servers, loading them, and reading what they cost. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programs } from './servers.ts'

export interface Target {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
}

export interface Sample {
  /** Requests per second. */
  readonly throughput: number
  /** CPU time of the server, user and system. Unit: microseconds per request. */
  readonly cpu: number
}

/** What is asked for. */
export interface Asked {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Requests under way at one time.
   *
   * @default 32
   */
  readonly connections?: number
}

/** With two cores or more, the server has the first to itself and the load comes from the others. */
const pins = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

/** Starts a server, or tells what it needs that is not installed here. */
export async function start(name: string): Promise<Target | string> {
  const program = programs[name]
  if (program === undefined) return startHere(name)
  const missing = program.missing()
  if (missing !== undefined) return missing
  const port = await freePort()
  const child = spawnPinned(program.prepare(port), ['ignore', 'ignore', 'inherit'])
  await answers(port, child)
  return { name, port, child }
}

async function startHere(name: string): Promise<Target> {
  const child = spawnPinned(
    [process.execPath, join(import.meta.dirname, 'server.js'), name],
    ['pipe', 'pipe', 'inherit'],
  )
  const [line] = await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error(`The server "${name}" does not start`)
  return { name, port: Number(String(line)), child }
}

function spawnPinned(command: readonly string[], stdio: StdioOptions): ChildProcess {
  const [file, ...args] = pins ? ['taskset', '-c', '0', ...command] : command
  return spawn(file!, args, { stdio })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until a program listens; it has half a minute. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return
    await sleep(100)
  }
  child.kill()
  throw new Error(`${child.spawnargs.join(' ')} does not listen`)
}

export async function stop({ child }: Target): Promise<void> {
  const gone = once(child, 'exit')
  if (child.stdin === null) child.kill()
  else child.stdin.end()
  await gone
}

/** Loads one server for some seconds. */
export function measure(target: Target, asked: Asked, seconds: number): Sample {
  const pid = target.child.pid!
  const before = cpuTicks(pid)
  const requests = load(`http://127.0.0.1:${target.port}${asked.path}`, asked, seconds)
  const ticks = cpuTicks(pid) - before
  return { throughput: requests / seconds, cpu: (ticks * TICK_MICROSECONDS) / requests }
}

export const hasWrk: boolean = spawnSync('wrk', ['--version']).error === undefined

const TICK_MICROSECONDS = 10_000

/** The number of requests that were answered with a 2xx. */
function load(url: string, { headers = {}, connections = 32 }: Asked, seconds: number): number {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const command = hasWrk
    ? ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, ...fields, url]
    : [process.execPath, autocannon(), '-j', '-c', String(connections), '-d', String(seconds), ...fields, url]
  const [file, ...args] = pins ? ['taskset', '-c', '1', ...command] : command
  const { stdout } = spawnSync(file!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  if (/Non-2xx/.test(stdout)) throw new Error(`${url} answered with errors:\n${stdout}`)
  const requests = hasWrk ? /(\d+) requests in/.exec(stdout)?.[1] : JSON.parse(stdout)['2xx']
  if (!(Number(requests) > 0)) throw new Error(`${url} was not answered:\n${stdout}`)
  return Number(requests)
}

function autocannon(): string {
  return new URL(import.meta.resolve('autocannon')).pathname
}

/** utime and stime of a process and of its children, in ticks of the kernel (proc(5): 100 a second). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const own = Number(fields[11]) + Number(fields[12])
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children.reduce((sum, child) => sum + cpuTicks(Number(child)), own)
}
