/** What is compared in compression. Design section 7 sets the floors: 0.85 of bare zlib, 0.9 of ready-made bytes. */
import type { Suite } from './suite.ts'

const coders = [
  { name: 'compression() over a Fetch app', floor: 0.85 },
  { name: 'compression() over Express' },
  { name: 'gzip, Express + compression' },
  { name: 'gzip, hono/compress' },
  { name: 'gzip, @fastify/compress' },
  { name: 'gzip, koa-compress' },
]
const withFiles = [...coders, { name: 'gzip, nginx' }]
const cached = [{ name: 'compression() with a cache', floor: 0.9 }]
const rendered = [{ name: 'compression() with a cache, rendered', floor: 0.9 }]
const cachedExpress = [{ name: 'compression() with a cache, over Express' }, { name: 'gzip, Express + compression' }]

function suite(title: string, path: string, baseline: string, servers: Suite['servers']): Suite {
  const headers = { 'accept-encoding': 'gzip' }
  return { title: `Compression: ${title}`, path, headers, coding: 'gzip', baseline, servers }
}

export const compressionSuites: readonly Suite[] = [
  suite('2 KB of JSON, against bare zlib', '/2.json', 'gzip, bare', withFiles),
  suite('16 KB of JSON, against bare zlib', '/16.json', 'gzip, bare', withFiles),
  // Each is coded for some ten milliseconds: with more at one time, a round ends before they do.
  { ...suite('1 MB of text, against bare zlib', '/1.txt', 'gzip, bare', withFiles), connections: 4 },
  suite('ten server-sent events, each flushed, against bare zlib', '/events', 'gzip, bare', coders),
  suite('2 KB of JSON from the cache, against ready-made bytes', '/2.json', 'gzip, ready-made', cached),
  suite('16 KB of JSON from the cache, against ready-made bytes', '/16.json', 'gzip, ready-made', cached),
  suite('1 MB of text from the cache, against ready-made bytes', '/1.txt', 'gzip, ready-made', cached),
  suite('2 KB rendered each time, from the cache', '/2.json', 'gzip, ready-made for a rendered text', rendered),
  suite('16 KB rendered each time, from the cache', '/16.json', 'gzip, ready-made for a rendered text', rendered),
  suite('16 KB over Express from the cache', '/16.json', 'gzip, Express without', cachedExpress),
]
