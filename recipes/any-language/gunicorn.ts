/**
 * gunicorn, on a socket in a folder that only this user may enter.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recipeFile } from './folder.ts'

/** A site that runs. */
export interface Gunicorn {
  readonly socket: string
  stop(): Promise<void>
}

/** Starts the Django site, until it listens. */
export async function startGunicorn(): Promise<Gunicorn> {
  // Made for this user alone: whoever can write to the socket can say who they are.
  const home = mkdtempSync(join(tmpdir(), 'any-language-'))
  const socket = join(home, 'gunicorn.sock')
  const words = [
    '--bind',
    `unix:${socket}`,
    '--chdir',
    recipeFile(),
    '--log-level',
    'warning',
    '--threads',
    '4',
    '--preload',
  ]
  const child = spawn('gunicorn', [...words, 'harbour.wsgi'], {
    env: {
      ...process.env,
      HARBOUR_HOME: home,
      DJANGO_SECRET: randomBytes(32).toString('base64url'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = once(child, 'exit')
    .catch((cause: unknown) => {
      throw new Error('There is no gunicorn on this machine: apt-get install gunicorn python3-django', { cause })
    })
    .finally(() => rmSync(home, { recursive: true, force: true }))
  while (!(await Promise.race([listens(socket), gone.then(() => false)]))) {
    if (child.exitCode !== null) throw new Error('gunicorn has not started')
    await sleep(50)
  }
  return {
    socket,
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function listens(path: string): Promise<boolean> {
  const socket = connect(path)
  const open = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return open
}
