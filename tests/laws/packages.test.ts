// The packages that have no laws.test.ts of their own, and all packages together.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { allowedHosts } from '@outerware/allowed-hosts'
import { compression } from '@outerware/compression'
import { compose } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { httpsRedirect } from '@outerware/https-redirect'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { trustedProxy } from '@outerware/trusted-proxy'
import { get } from '../support/index.ts'
import { laws } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'laws-'))
writeFileSync(join(folder, 'hello.txt'), 'hello')
afterAll(() => rmSync(folder, { recursive: true }))

const gate = {
  issuer: 'https://accounts.test',
  clientId: 'law',
  baseURL: 'http://site.test',
  secret: 'thirty-two characters of a secret',
  allowInsecureRequests: true,
  publicPaths: ['/hello'],
} as const

laws('staticFiles()', () => staticFiles(folder), { serves: '/hello.txt' })
laws('oidc() with a public path', () => oidc(gate), {
  passes: (_, init) => get('/hello', {}, init),
  lets: '/hello',
  varies: ['cookie'],
})
laws(
  'all of them',
  () =>
    compose(
      trustedProxy({ proxies: ['127.0.0.1'] }),
      allowedHosts(['site.test']),
      httpsRedirect({ exempt: ['/hello'] }),
      securityHeaders(),
      compression(),
      staticFiles(folder),
      crossOriginProtection(),
      oidc(gate),
    ),
  {
    passes: (_, init) => get('/hello', {}, init),
    acts: (_, init) => get('/hello', { 'accept-encoding': 'gzip', 'x-forwarded-for': '192.0.2.1' }, init),
    adds: [
      'content-security-policy',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
      'origin-agent-cluster',
      'referrer-policy',
      'x-content-type-options',
      'x-dns-prefetch-control',
      'x-download-options',
      'x-frame-options',
      'x-permitted-cross-domain-policies',
      'x-xss-protection',
    ],
    lets: '/hello',
    varies: ['accept-encoding', 'cookie'],
  },
)
