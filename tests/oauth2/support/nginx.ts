import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../../support/index.ts'

/** The configuration that the README shows, with the addresses of a test in it: what is documented is what is tested. */
export async function documented(addresses: { gate: string; upstream: string }): Promise<string> {
  const readme = await readFile(join(import.meta.dirname, '../../../middlewares/oauth2/README.md'), 'utf8')
  const [, block] = /```nginx\n([\s\S]*?)```/.exec(readme) ?? []
  if (block === undefined) throw new Error('the README has no configuration of nginx')
  return block.replaceAll('http://gate', addresses.gate).replaceAll('http://upstream', addresses.upstream)
}

/** Starts nginx with these locations, and nothing of it outside its folder. */
export async function startNginx({ folder, port, start }: Place, locations: string): Promise<void> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`)
  const config = `
    daemon off;
    worker_processes 1;
    pid ${folder}/pid;
    error_log ${folder}/error.log;
    events {}
    http {
      access_log off;
      ${temporary.join('\n')}
      server {
        listen 127.0.0.1:${port};
        ${locations}
      }
    }`
  const file = join(folder, 'nginx.conf')
  await writeFile(file, config)
  await start(['-c', file, '-p', folder, '-e', join(folder, 'error.log')])
}
