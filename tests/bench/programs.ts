/** Servers that are programs of their own. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Program {
  /** Says what is missing here, if anything is. */
  missing(): string | undefined
  /** Writes what it needs into its folder, and gives the command. It listens on loopback. */
  prepare(port: number): readonly string[]
}

/** Tells whether a program runs. */
export const runs = (...[file, ...args]: string[]): boolean => spawnSync(file!, args).status === 0

/** A folder that goes with the process. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'outerware-bench-'))
  // A server that gives up its rights reads it too.
  chmodSync(dir, 0o755)
  if (folders.length === 0) process.on('exit', cleanUp)
  folders.push(dir)
  return dir
}

const folders: string[] = []

function cleanUp(): void {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true })
}

/**
 * nginx with one worker.
 *
 * @param server gives what stands in its `server { }`, and may write files into a folder
 */
export function nginx(server: (dir: string) => string): Program {
  return {
    missing: () => (runs('nginx', '-v') ? undefined : 'nginx'),
    prepare(port) {
      const [dir, home] = [folder(), folder()]
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const http = `${kinds.map((kind) => `${kind}_temp_path ${home}/${kind};`).join(' ')}
        types { text/plain txt; application/json json; } access_log off; sendfile on; tcp_nopush on;
        open_file_cache max=100; keepalive_requests 100000000;
        server { listen 127.0.0.1:${port}; ${server(dir)} }`
      const lines = `daemon off; worker_processes 1; pid ${home}/pid; error_log stderr error;
        events { worker_connections 512; } http { ${http} }`
      writeFileSync(join(home, 'nginx.conf'), lines)
      return ['nginx', '-e', 'stderr', '-p', home, '-c', join(home, 'nginx.conf')]
    },
  }
}

/** The command that serves `app` of `site_app.py` in a folder: one worker, four threads, connections kept. */
export function gunicorn(home: string, port: number): readonly string[] {
  const threads = ['--worker-class', 'gthread', '--threads', '4', '--keep-alive', '75', '--graceful-timeout', '1']
  const quiet = ['--log-level', 'error', '--chdir', home, '--bind', `127.0.0.1:${port}`]
  return ['gunicorn', '--workers', '1', ...threads, ...quiet, 'site_app:app']
}
