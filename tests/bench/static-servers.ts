/** Servers of files, on Node and others; each serves the same folder, with short caching and a tag where it can. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
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
import { folder, gunicorn, nginx, runs, type Program } from './programs.ts'

/** A folder with a file of 10 KB, and another that has its coded form beside it; it goes with the process. */
export function tenKilobytes(): string {
  const dir = folder()
  const words = Array.from({ length: 1600 }, (_, i) => ((i * 2_654_435_761) % 2 ** 32).toString(36))
  const bytes = Buffer.from(words.join(' ')).subarray(0, 10_240)
  writeFileSync(join(dir, 'file.txt'), bytes)
  writeFileSync(join(dir, 'ready.txt'), bytes)
  writeFileSync(join(dir, 'ready.txt.gz'), gzipSync(bytes))
  return dir
}

/** The very fields of `staticFiles`: the same bytes on the wire, so that what is compared is the work. */
function bare(coding?: 'gzip'): RequestListener {
  const bytes = readFileSync(join(tenKilobytes(), coding === undefined ? 'file.txt' : 'ready.txt.gz'))
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': bytes.length,
    ...(coding && { 'content-encoding': coding, vary: 'accept-encoding' }),
    'cache-control': 'public, max-age=60',
    'accept-ranges': 'bytes',
    'access-control-allow-origin': '*',
    etag: coding ? '"0123456789abcdef-gz"' : '"0123456789abcdef"',
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

/** Each with one worker. */
export const staticPrograms: Readonly<Record<string, Program>> = {
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
      return gunicorn(home, port)
    },
  },
  'static, nginx': nginx(() => `root ${tenKilobytes()}; gzip_static on; gzip_vary on; expires 60s; etag on;`),
}
