/**
 * Three machines in the place of yours: processes that know nothing of each other. One that dies is started again, as
 * a supervisor would.
 *
 * @module
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

type Environment = Readonly<Record<string, string>>

/** Starts one machine for each port, until all are ready. @returns what stops them */
export async function startMachines(ports: readonly number[], env: Environment): Promise<() => Promise<void>> {
  const children: ChildProcess[] = []
  let isStopping = false
  const run = async (index: number): Promise<void> => {
    const child = fork(join(import.meta.dirname, `machine${extname(import.meta.filename)}`), {
      env: { ...process.env, ...env, PORT: String(ports[index]), MACHINE: String(index + 1) },
    })
    children[index] = child
    child.once('exit', () => void again(index))
    await Promise.race([once(child, 'message'), once(child, 'exit')])
  }
  const again = async (index: number): Promise<void> => {
    await sleep(1000)
    if (!isStopping) await run(index)
  }
  await Promise.all(ports.map((_port, index) => run(index)))
  return async () => {
    isStopping = true
    const alive = children.filter((child) => child.exitCode === null && child.signalCode === null)
    await Promise.all(alive.map((child) => (child.kill('SIGTERM'), once(child, 'exit'))))
  }
}
