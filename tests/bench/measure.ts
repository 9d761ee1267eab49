/** Starting servers, loading them, and reading what they cost. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

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
}

/** With two cores or more, the server has the first to itself and the load comes from the others. */
const pins = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

export async function start(name: string): Promise<Target> {
  const command = [process.execPath, join(import.meta.dirname, 'server.js'), name]
  const [file, ...args] = pins ? ['taskset', '-c', '0', ...command] : command
  const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { name, port: Number(String(line)), child }
}

export async function stop(target: Target): Promise<void> {
  const gone = once(target.child, 'exit')
  target.child.stdin?.end()
  await gone
}

/** Loads one server for some seconds. */
export function measure(target: Target, { path, headers = {} }: Asked, seconds: number): Sample {
  const pid = target.child.pid!
  const before = cpuTicks(pid)
  const requests = load(`http://127.0.0.1:${target.port}${path}`, headers, seconds)
  const ticks = cpuTicks(pid) - before
  return { throughput: requests / seconds, cpu: (ticks * TICK_MICROSECONDS) / requests }
}

export const hasWrk: boolean = spawnSync('wrk', ['--version']).error === undefined

const CONNECTIONS = 32
const TICK_MICROSECONDS = 10_000

/** The number of requests that were answered with a 2xx. */
function load(url: string, headers: Readonly<Record<string, string>>, seconds: number): number {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const command = hasWrk
    ? ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, ...fields, url]
    : [process.execPath, autocannon(), '-j', '-c', String(CONNECTIONS), '-d', String(seconds), ...fields, url]
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

/** utime and stime of a process, in ticks of the kernel (proc(5): 100 a second). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}
