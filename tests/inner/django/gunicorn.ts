/** Django under gunicorn, where both are installed: Debian's `python3-django` and `gunicorn`. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Python, of the system rather than of somebody's shell; `undefined` where it has not both. */
export const python: string | undefined = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import django, gunicorn']).status === 0,
)

export const missing = 'There is no Django under gunicorn; install python3-django and gunicorn.'

export interface Gunicorn {
  readonly port: number
  /** The lines that the app has said, as they come. */
  readonly lines: readonly string[]
  /** Resolves when a line has come so often. */
  until(line: string, count?: number): Promise<void>
  stop(): Promise<void>
}

export async function gunicorn(): Promise<Gunicorn> {
  // From the folder of the sources: a build has no copy of the app.
  const folder = join(import.meta.dirname.replace(/([\\/])dist([\\/]inner)/, '$2'))
  const options = ['-m', 'gunicorn', '--bind', '127.0.0.1:0', '--workers', '1', '--graceful-timeout', '1', 'app']
  const child = spawn(python!, options, { cwd: folder, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } })
  const port = await portOf(child)
  const lines: string[] = []
  // More than one may wait at a time.
  const waiting: (() => void)[] = []
  let rest = ''
  child.stdout?.on('data', (chunk) => {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    for (const go of waiting.splice(0)) go()
  })
  return {
    port,
    lines,
    async until(line, count = 1) {
      while (lines.filter((one) => one === line).length < count)
        await new Promise<void>((resolve) => waiting.push(resolve))
    },
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** gunicorn says where it listens, and that its worker is up. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`gunicorn has ended:\n${said}`)))
    child.stderr?.on('data', (chunk) => {
      said += String(chunk)
      const port = /Listening at: http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
      if (port !== undefined && said.includes('Booting worker')) resolve(Number(port))
    })
  })
}
