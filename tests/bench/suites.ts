import { gateSuites } from './gate-suites.ts'
import { bridgePeers } from './bridge-peers.ts'
import { compressionSuites } from './compression-suites.ts'
import { headersSuites } from './headers-suites.ts'
import type { Suite } from './suite.ts'

/** One that has no compressed files sends the plain one. */
const otherFileServers = [
  { name: 'static, sirv' },
  { name: 'static, serve-static' },
  { name: 'static, @fastify/static' },
  { name: 'static, hono' },
  { name: 'static, WhiteNoise under gunicorn' },
  { name: 'static, nginx' },
]

export const suites: readonly Suite[] = [
  {
    title: 'The bridge: a Fetch app, against bare node:http',
    path: '/',
    baseline: 'bare',
    servers: [
      { name: 'fetch through 0' },
      { name: 'fetch through 1' },
      { name: 'fetch through 4', floor: 0.95 },
      { name: 'fetch through 10' },
      { name: 'fetch through 10 async' },
      { name: 'fetch through 4 that set a header' },
      { name: 'fetch, native Response' },
    ],
  },
  {
    title: 'The bridge: a Node listener, against bare node:http',
    path: '/',
    baseline: 'bare',
    servers: [
      { name: 'node through 0' },
      { name: 'node through 1' },
      { name: 'node through 4' },
      { name: 'node through 10' },
      { name: 'node through 10 async' },
    ],
  },
  {
    title: 'The bridge beside other ways to serve, against bare node:http',
    path: '/',
    baseline: 'bare',
    servers: [
      { name: 'fetch through 0' },
      { name: 'fetch through 4', floor: 0.95 },
      { name: 'fetch, native Response' },
      ...Object.keys(bridgePeers).map((name) => ({ name })),
    ],
  },
  {
    title: 'The bridge: Express, against bare Express',
    path: '/',
    baseline: 'express',
    servers: [{ name: 'express through 4', floor: 0.95 }, { name: 'express through 10 async' }],
  },
  {
    title: 'A 10 KB file, against bare writeHead and end(buffer)',
    path: '/file.txt',
    baseline: 'static, bare',
    servers: [{ name: 'static, staticFiles', floor: 0.95 }, ...otherFileServers],
  },
  {
    title: 'A 10 KB file, compressed beforehand, against bare writeHead and end(buffer)',
    path: '/ready.txt',
    headers: { 'accept-encoding': 'gzip' },
    baseline: 'static, bare gzip',
    servers: [{ name: 'static, staticFiles' }, ...otherFileServers],
  },
  {
    title: 'A stack (2 KB JSON, gzip, security headers, static in front), against bare gzipSync',
    path: '/api',
    headers: { 'accept-encoding': 'gzip' },
    baseline: 'stack, bare gzipSync',
    servers: [
      { name: 'stack over a Fetch app', floor: 0.85 },
      { name: 'stack, bare gzipSync without security headers' },
    ],
  },
  {
    title: 'The same stack over Express, against express + helmet + compression + serve-static',
    path: '/api',
    headers: { 'accept-encoding': 'gzip' },
    baseline: 'express + helmet + compression + serve-static',
    servers: [{ name: 'stack over Express', floor: 2 }],
  },
  {
    title: 'The inside: one of fifty routes, against a bare Fetch app',
    path: '/articles/2026/skerry',
    baseline: 'view, bare Fetch app',
    servers: [
      { name: 'view, site()', floor: 0.9 },
      { name: 'view, Express' },
      { name: 'view, Fastify' },
      { name: 'view, Hono through toNode' },
      { name: 'view, Django under gunicorn' },
    ],
  },
  ...headersSuites,
  ...compressionSuites,
  ...gateSuites,
]
