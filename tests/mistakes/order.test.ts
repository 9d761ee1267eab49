import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { compose, errors, type Wrapper } from '@outerware/core'
import { allowedHosts } from '@outerware/allowed-hosts'
import { compression } from '@outerware/compression'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { httpsRedirect } from '@outerware/https-redirect'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { trustedProxy } from '@outerware/trusted-proxy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { get, testContext } from '../support/index.ts'
import { app, gate, slip } from './slip.ts'

let warned: string[] = []
beforeEach(() => {
  warned = []
  jest.spyOn(console, 'warn').mockImplementation((message) => void warned.push(String(message)))
})
afterEach(() => {
  jest.restoreAllMocks()
})

const proxies = { proxies: ['10.0.0.0/8'] }
const files = (): Wrapper => staticFiles(import.meta.dirname)

describe('compose() warns, when the site is put together, of', () => {
  it.each<readonly [string, () => unknown, string, string, string]>([
    [
      'httpsRedirect outside of trustedProxy',
      () => compose(httpsRedirect(), trustedProxy(proxies)),
      'httpsRedirect() stands outside of trustedProxy(), which takes what came by https for http',
      'Write compose(…, trustedProxy(…), httpsRedirect(…), …)(app)',
      'httpsRedirect(…)(trustedProxy(…)(app))',
    ],
    [
      'securityHeaders outside of trustedProxy',
      () => compose(securityHeaders(), compression(), trustedProxy(proxies)),
      'and sends no Strict-Transport-Security',
      'Write compose(…, trustedProxy(…), securityHeaders(…), …)(app)',
      'securityHeaders(…)(trustedProxy(…)(app))',
    ],
    [
      'staticFiles outside of securityHeaders',
      () => compose(files(), securityHeaders()),
      'whose files then go out without them',
      'Write compose(…, securityHeaders(…), staticFiles(…), …)(app)',
      'staticFiles(…)(securityHeaders(…)(app))',
    ],
    [
      'oidc outside of securityHeaders',
      () => compose(oidc(gate), securityHeaders()),
      'whose redirects and pages then go out without them',
      'Write compose(…, securityHeaders(…), oidc(…), …)(app)',
      'oidc(…)(securityHeaders(…)(app))',
    ],
    [
      'oidc outside of staticFiles',
      () => compose(oidc(gate), files()),
      'those of a sign-in page too, are for the signed-in alone',
      'Write compose(…, staticFiles(…), oidc(…), …)(app)',
      'oidc(…)(staticFiles(…)(app))',
    ],
    [
      'staticFiles outside of compression',
      () => compose(files(), compression()),
      'whose files then go out bare, those that do not lie there compressed',
      'Write compose(…, compression(…), staticFiles(…), …)(app)',
      'staticFiles(…)(compression(…)(app))',
    ],
    [
      'the same in two compositions',
      () => compose(compose(errors(), files()), compose(compression())),
      'whose files then go out bare',
      'compression(…), staticFiles(…)',
      'the outermost first',
    ],
  ])('%s', (_name, make, harm, write, otherwise) => {
    make()
    expect(warned).toHaveLength(1)
    for (const words of [harm, write, otherwise]) expect(warned[0]).toContain(words)
  })

  it.each<readonly [string, () => Wrapper<any>]>([
    ['compression', compression],
    ['securityHeaders', securityHeaders],
    ['trustedProxy', () => trustedProxy(proxies)],
    ['oidc', () => oidc(gate)],
  ])('%s, twice', (name, make) => {
    compose(errors(), make(), slip(make()))
    expect(warned).toEqual([`compose(): ${name}() stands there twice. Leave one of them out.`])
  })
})

it('says nothing of the recommended order', () => {
  compose(
    errors(),
    trustedProxy(proxies),
    allowedHosts(['site.example']),
    httpsRedirect(),
    securityHeaders(),
    compression(),
    files(),
    files(),
    crossOriginProtection(),
    oidc(gate),
  )
  expect(warned).toEqual([])
})

it('says nothing of what is put together by hand, where it is meant so', () => {
  files()(compression()(app))
  expect(warned).toEqual([])
})

it('sends a file that lies there compressed as it lies there, inside of compression', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outerware-order-'))
  const text = 'body { color: teal }\n'.repeat(200)
  writeFileSync(join(folder, 'site.css'), text)
  writeFileSync(join(folder, 'site.css.gz'), gzipSync(text, { level: 9 }))
  const site = compose(compression(), staticFiles(folder))(app)
  const response = await site(get('/site.css', { 'accept-encoding': 'gzip' }), testContext())
  const bytes = Buffer.from(await response.arrayBuffer())
  rmSync(folder, { recursive: true })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(bytes.equals(gzipSync(text, { level: 9 }))).toBe(true)
  expect(warned).toEqual([])
})

it('a redirect for ever, behind a proxy that nobody trusts, is told once', async () => {
  const site = httpsRedirect()(app)
  const throughProxy = (): unknown => site(get('/', { 'x-forwarded-proto': 'https' }), testContext())
  await throughProxy()
  await throughProxy()
  expect(warned).toEqual([
    expect.stringContaining("compose(trustedProxy({ proxies: ['10.0.0.0/8'] }), httpsRedirect())(app)"),
  ])
})
