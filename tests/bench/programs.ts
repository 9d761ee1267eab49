/** Servers that are programs of their own. */
import { spawnSync } from 'node:child_process'

export interface Program {
  /** Says what is missing here, if anything is. */
  missing(): string | undefined
  /** Writes what it needs into its folder, and gives the command. It listens on loopback. */
  prepare(port: number): readonly string[]
}

/** Tells whether a command is there, and succeeds. */
export const runs = (...[file, ...args]: string[]): boolean => spawnSync(file!, args).status === 0

/** The command that serves `app` of `site_app.py` in a folder: one worker, four threads, connections kept. */
export function gunicorn(home: string, port: number): readonly string[] {
  const threads = ['--worker-class', 'gthread', '--threads', '4', '--keep-alive', '75', '--graceful-timeout', '1']
  const quiet = ['--log-level', 'error', '--chdir', home, '--bind', `127.0.0.1:${port}`]
  return ['gunicorn', '--workers', '1', ...threads, ...quiet, 'site_app:app']
}
