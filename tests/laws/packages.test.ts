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
import { laws, type LawsOptions } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'laws-'))
writeFileSync(join(folder, 'hello.txt'), 'hello')
afterAll(() => rmSync(folder, { recursive: true }))

const overHttps: LawsOptions = {
  passes: (path, init) => new Request(new URL(path, 'https://site.test'), init),
}
/** What securityHeaders() puts on every response, or takes from it, by default. */
const security = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-powered-by',
  'x-xss-protection',
]

laws('trustedProxy()', () => trustedProxy({ proxies: ['127.0.0.1'] }), {
  acts: (path, init) => get(path, { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' }, init),
})
laws('allowedHosts()', () => allowedHosts(['site.test']))
laws('httpsRedirect()', () => httpsRedirect(), overHttps)
laws('httpsRedirect() with a path that is exempt', () => httpsRedirect({ exempt: ['/hello'] }), {
  passes: (_, init) => get('/hello', {}, init),
  lets: '/hello',
})
laws('securityHeaders()', () => securityHeaders(), {
  adds: security,
  respects: { 'content-security-policy': "default-src 'none'", 'x-frame-options': 'DENY', 'referrer-policy': 'origin' },
})
laws('compression()', () => compression(), {
  acts: (path, init) => get(path, { 'accept-encoding': 'gzip' }, init),
  varies: ['accept-encoding'],
})
laws('compression() with brotli', () => compression(), {
  acts: (path, init) => get(path, { 'accept-encoding': 'br' }, init),
  respects: { 'content-encoding': 'x-law' },
  varies: ['accept-encoding'],
})
laws('staticFiles()', () => staticFiles(folder), { serves: '/hello.txt' })
laws('crossOriginProtection()', () => crossOriginProtection(), {
  passes: (path, init) => get(path, { 'sec-fetch-site': 'same-origin' }, init),
})
laws(
  'oidc() with a public path',
  () =>
    oidc({
      issuer: 'https://accounts.test',
      clientId: 'law',
      baseURL: 'http://site.test',
      secret: 'thirty-two characters of a secret',
      allowInsecureRequests: true,
      publicPaths: ['/hello'],
    }),
  { passes: (_, init) => get('/hello', {}, init), lets: '/hello', varies: ['cookie'] },
)
laws(
  'all of them',
  () =>
    compose(
      trustedProxy({ proxies: ['127.0.0.1'] }),
      allowedHosts(['site.test']),
      httpsRedirect(),
      securityHeaders(),
      compression(),
      staticFiles(folder),
      crossOriginProtection(),
    ),
  { ...overHttps, adds: security, varies: ['accept-encoding'] },
)
