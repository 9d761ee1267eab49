import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Place } from '../../support/index.ts'

/** Where a proxy finds the gate and what it stands in front of. */
export interface Addresses {
  readonly gate: string
  readonly upstream: string
}

/** Starts a proxy in front of an upstream, with the gate beside it. */
export type StartProxy = (place: Place, addresses: Addresses) => Promise<void>

/** Starts nginx as it is documented, and nothing of it outside its folder. */
export const startNginx: StartProxy = async ({ folder, port, start }, addresses) => {
  const block = await documented('nginx')
  const locations = block.replaceAll('http://gate', addresses.gate).replaceAll('http://upstream', addresses.upstream)
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

/** Starts Caddy as it is documented. */
export const startCaddy: StartProxy = async ({ folder, port, start }, addresses) => {
  const block = await documented('caddy')
  const directives = block
    .replaceAll('reverse_proxy gate', `reverse_proxy ${addresses.gate}`)
    .replaceAll('reverse_proxy upstream', `reverse_proxy ${addresses.upstream}`)
  const source = join(folder, 'Caddyfile')
  await writeFile(
    source,
    `{\nauto_https off\nstorage file_system ${folder}\n}\nhttp://127.0.0.1:${port} {\n${directives}\n}\n`,
  )
  const { stdout } = await promisify(execFile)('caddy', ['adapt', '--config', source, '--adapter', 'caddyfile'])
  // It would keep a copy of this at home.
  const config = { ...JSON.parse(stdout), admin: { disabled: true, config: { persist: false } } }
  const file = join(folder, 'caddy.json')
  await writeFile(file, JSON.stringify(config))
  await start(['run', '--config', file])
}

/** The configuration that the documents show: what is documented is what is tested. */
async function documented(language: string): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '../../../middlewares/oauth2/docs/forward-auth.md'), 'utf8')
  const [, block] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? []
  if (block === undefined) throw new Error(`the page has no configuration of ${language}`)
  return block
}
