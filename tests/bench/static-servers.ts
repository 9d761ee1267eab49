/** Servers of files, on Node and others; each serves the same folder, with short caching and a tag where it can. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import { getRequestListener } from '@hono/node-server'
import { serveStatic as honoStatic } from '@hono/node-server/serve-static'
import { toNode } from '@outerware/core/node'
import { staticFiles } from '@outerware/static'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import serveStatic from 'serve-static'
import sirv from 'sirv'

/** A folder with a file of 10 KB, and another that has its coded form beside it; it goes with the process. */
export function tenKilobytes(): string {
  const dir = mkdtempSync(join(tmpdir(), 'outerware-bench-'))
  // A server that gives up its rights reads it too.
  chmodSync(dir, 0o755)
  const words = Array.from({ length: 1600 }, (_, i) => ((i * 2_654_435_761) % 2 ** 32).toString(36))
  const bytes = Buffer.from(words.join(' ')).subarray(0, 10_240)
  writeFileSync(join(dir, 'file.txt'), bytes)
  writeFileSync(join(dir, 'ready.txt'), bytes)
  writeFileSync(join(dir, 'ready.txt.gz'), gzipSync(bytes))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

function bare(coding?: 'gzip'): RequestListener {
  const bytes = readFileSync(join(tenKilobytes(), coding === undefined ? 'file.txt' : 'ready.txt.gz'))
  // The same work: the very fields that staticFiles sends.
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': bytes.length,
    ...(coding && { 'content-encoding': coding }),
    'cache-control': 'public, max-age=60',
    ...(coding && { vary: 'accept-encoding' }),
    'accept-ranges': 'bytes',
    'access-control-allow-origin': '*',
    etag: '"0123456789abcdef"',
    'last-modified': new Date().toUTCString(),
  }
  return (_req, res) => {
    res.writeHead(200, headers)
    res.end(bytes)
  }
}

async function onFastify(): Promise<RequestListener> {
  const app = fastify()
  app.register(fastifyStatic, { root: tenKilobytes(), maxAge: 60_000, preCompressed: true })
  await app.ready()
  return (req, res) => app.routing(req, res)
}

function onHono(): RequestListener {
  const app = new Hono()
  app.use('*', honoStatic({ root: tenKilobytes(), precompressed: true }))
  const listener = getRequestListener(app.fetch)
  return (req, res) => void listener(req, res)
}

/** On Node, each in a process of its own. */
export const staticServers: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  'static, bare': () => bare(),
  'static, bare gzip': () => bare('gzip'),
  'static, staticFiles': () => toNode(staticFiles(tenKilobytes())(() => new Response('', { status: 404 }))),
  'static, sirv': () => sirv(tenKilobytes(), { maxAge: 60, etag: true, gzip: true }),
  'static, serve-static': () => express().use(serveStatic(tenKilobytes(), { maxAge: 60_000 })),
  'static, @fastify/static': onFastify,
  'static, hono': onHono,
}

/** A server that is a program of its own. */
export interface Program {
  /** Says what is missing here, if anything is. */
  missing(): string | undefined
  /** Writes what it needs into its folder, and gives the command. It listens on loopback. */
  prepare(port: number): readonly string[]
}

const runs = (...[file, ...args]: string[]): boolean => spawnSync(file!, args).status === 0

/** Each with one worker. */
export const programs: Readonly<Record<string, Program>> = {
  'static, WhiteNoise under gunicorn': {
    missing: () =>
      runs('gunicorn', '--version') && runs('/usr/bin/python3', '-c', 'import whitenoise')
        ? undefined
        : 'gunicorn and python3-whitenoise',
    prepare(port) {
      const [dir, home] = [tenKilobytes(), tenKilobytes()]
      const lines = ['from whitenoise import WhiteNoise', 'def none(environ, start):', '  start("404 Not Found", [])']
      lines.push('  return [b""]', `app = WhiteNoise(none, root=${JSON.stringify(dir)}, max_age=60)`)
      writeFileSync(join(home, 'site_app.py'), lines.join('\n'))
      const threads = ['--worker-class', 'gthread', '--threads', '4', '--keep-alive', '75', '--graceful-timeout', '1']
      const quiet = ['--log-level', 'error', '--chdir', home, '--bind', `127.0.0.1:${port}`]
      return ['gunicorn', '--workers', '1', ...threads, ...quiet, 'site_app:app']
    },
  },
  'static, nginx': {
    missing: () => (runs('nginx', '-v') ? undefined : 'nginx'),
    prepare(port) {
      const [dir, home] = [tenKilobytes(), tenKilobytes()]
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const server = `listen 127.0.0.1:${port}; root ${dir}; gzip_static on; gzip_vary on; expires 60s; etag on;`
      const http = `${kinds.map((kind) => `${kind}_temp_path ${home}/${kind};`).join(' ')}
        types { text/plain txt; } access_log off; sendfile on; tcp_nopush on; open_file_cache max=100;
        keepalive_requests 100000000; server { ${server} }`
      const lines = `daemon off; worker_processes 1; pid ${home}/pid; error_log stderr error;
        events { worker_connections 512; } http { ${http} }`
      writeFileSync(join(home, 'nginx.conf'), lines)
      return ['nginx', '-e', 'stderr', '-p', home, '-c', join(home, 'nginx.conf')]
    },
  },
}
