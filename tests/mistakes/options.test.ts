import { expect, it } from '@jest/globals'
import { errors } from '@outerware/core'
import { serve } from '@outerware/core/node'
import { allowedHosts } from '@outerware/allowed-hosts'
import { compression } from '@outerware/compression'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { httpsRedirect } from '@outerware/https-redirect'
import { github, oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { trustedProxy } from '@outerware/trusted-proxy'
import { createServer } from 'node:http'
import { listen } from '../support/index.ts'
import { app, gate, said, slip, type Mistake } from './slip.ts'

const { baseURL: _without, ...nowhere } = gate

it.each<Mistake>([
  // Where the site is, and whom it trusts.
  [
    'no baseURL: behind a proxy a request does not know it',
    () => oidc(slip(nowhere)),
    'oidc.baseURL',
    'undefined',
    "in front of all proxies, such as 'https://site.example'",
  ],
  ['a host as baseURL', () => oidc({ ...gate, baseURL: 'site.example' }), 'oidc.baseURL', '"site.example"', 'https://'],
  [
    'a secret too short',
    () => oidc({ ...gate, secret: 'keyboard cat' }),
    'oidc.secret',
    'a string of 12 characters',
    'openssl rand -base64 32',
  ],
  ['a secret not set', () => oidc(slip({ ...gate, secret: undefined })), 'oidc.secret', 'undefined', 'openssl rand'],
  [
    'a client secret not set',
    () => oidc(slip({ ...gate, clientSecret: process.env['NO_SUCH'] })),
    'oidc.clientSecret',
    'undefined',
    'a variable of the environment not set?',
  ],
  [
    'the address of the metadata as issuer',
    () => oidc({ ...gate, issuer: 'https://accounts.example/realms/a/.well-known/openid-configuration' }),
    'oidc.issuer',
    '"https://accounts.example/realms/a/.well-known/openid-configuration"',
    "write 'https://accounts.example/realms/a'",
  ],
  [
    'an issuer over http',
    () => oidc({ ...gate, issuer: 'http://127.0.0.1:4000' }),
    'oidc.issuer',
    '"http://127.0.0.1:4000/"',
    'allowInsecureRequests: true',
  ],
  [
    'GitHub, which has no OpenID Connect',
    () => oidc(slip({ ...gate, issuer: undefined, provider: github() })),
    'oidc.provider',
    '{"kind":"oauth2"}',
    'github() and generic() are for oauth2()',
  ],
  [
    'the redirect URI by a parameter',
    () => oidc({ ...gate, authorizationParams: { redirect_uri: 'https://elsewhere.example/' } }),
    'oidc.authorizationParams.redirect_uri',
    '"https://elsewhere.example/"',
    'left out: the gate sets it itself',
  ],
  [
    'an issuer over http that is not on this machine',
    () => oidc({ ...gate, issuer: 'http://accounts.example', allowInsecureRequests: true }),
    'oidc.issuer',
    '"http://accounts.example/"',
    'http:// is for loopback',
  ],
  [
    'proxies as a list',
    () => trustedProxy(slip(['10.0.0.0/8'])),
    'trustedProxy',
    '["10.0.0.0/8"]',
    'write trustedProxy({ proxies: ["10.0.0.0/8"] })',
  ],
  [
    'a proxy alone',
    () => trustedProxy(slip('loopback')),
    'trustedProxy',
    '"loopback"',
    'write trustedProxy({ proxies: ["loopback"] })',
  ],
  ['all proxies', () => trustedProxy(slip({ proxies: true })), 'trustedProxy.proxies', 'true', "['10.0.0.0/8']"],
  [
    'a number of hops',
    () => trustedProxy(slip({ proxies: [1] })),
    'trustedProxy.proxies[0]',
    '1',
    "an address, a range such as '10.0.0.0/8', 'loopback'",
  ],

  // Paths and places.
  ['two stars', () => oidc({ ...gate, publicPaths: ['/a/**'] }), 'oidc.publicPaths[0]', '"/a/**"', 'such as /public/*'],
  [
    'half a name',
    () => oidc({ ...gate, publicPaths: ['/css*'] }),
    'oidc.publicPaths[0]',
    '"/css*"',
    'such as /public/*',
  ],
  ['no slash', () => oidc({ ...gate, publicPaths: ['css/*'] }), 'oidc.publicPaths[0]', '"css/*"', 'begins with /'],
  ['a regexp', () => oidc(slip({ ...gate, publicPaths: [/^\/a/] })), 'oidc.publicPaths[0]', '/^\\/a/', "'/below/*'"],
  ['no list', () => oidc(slip({ ...gate, publicPaths: '/a' })), 'oidc.publicPaths', '"/a"', 'write ["/a"]'],
  [
    'options in a second argument, as others have them',
    () => Reflect.apply(staticFiles, undefined, [import.meta.dirname, { maxAge: 3600 }]),
    'staticFiles(…)',
    '{"maxAge":3600}',
    "write staticFiles({ dir: 'public', … })",
  ],
  [
    'two directories',
    () => staticFiles(slip(['dist', 'public'])),
    'staticFiles(…)',
    '["dist","public"]',
    'write staticFiles({ dir: ["dist","public"] })',
  ],
  [
    'a directory that is not there',
    () => staticFiles('/nowhere/dist'),
    'staticFiles.dir',
    '"/nowhere/dist"',
    'build the site first',
  ],
  [
    'a directory beside the program, and not beside the process',
    () => staticFiles('no-such-folder'),
    'staticFiles.dir',
    `"${process.cwd()}/no-such-folder"`,
    `write join(import.meta.dirname, "no-such-folder"), for a relative path is looked for in ${process.cwd()}`,
  ],
  ['a file', () => staticFiles(import.meta.filename), 'staticFiles.dir', `"${import.meta.filename}"`, 'that is a file'],
  [
    'one host',
    () => allowedHosts(slip('site.example')),
    'allowedHosts',
    '"site.example"',
    'allowedHosts(["site.example"])',
  ],
  [
    'a URL for a host',
    () => allowedHosts(['https://a.example/']),
    'allowedHosts[0]',
    '"https://a.example/"',
    "'a.example'",
  ],
  ['no hosts', () => allowedHosts([]), 'allowedHosts', '[]', 'a list of at least one host'],
  ['a star for a dot', () => allowedHosts(['*.a.example']), 'allowedHosts[0]', '"*.a.example"', "write '.a.example'"],
  [
    'a redirect to a URL',
    () => httpsRedirect({ host: 'https://a.example' }),
    'httpsRedirect.host',
    '"https://a.example"',
    'a host such as www.site.example, with no scheme and no path',
  ],
  [
    'an origin without its scheme',
    () => crossOriginProtection({ trustedOrigins: ['a.example'] }),
    'crossOriginProtection.trustedOrigins[0]',
    '"a.example"',
    'such as https://admin.site.example',
  ],

  // Names.
  [
    'clientID',
    () => oidc(slip({ ...gate, clientID: 'a' })),
    'oidc.clientID',
    'a string of 1 characters',
    'clientId, or',
  ],
  ['publicPath', () => oidc(slip({ ...gate, publicPath: [] })), 'oidc.publicPath', 'an array of 0', 'publicPaths, or'],
  ['a list of encodings', () => compression(slip(['br'])), 'compression', '["br"]', 'an object of options'],
  ['treshold', () => compression(slip({ treshold: 0 })), 'compression.treshold', '0', 'threshold, or'],
  ['maxage', () => staticFiles(slip({ dir: '.', maxage: 1 })), 'staticFiles.maxage', '1', 'maxAge, or'],
  ['exempts', () => httpsRedirect(slip({ exempts: [] })), 'httpsRedirect.exempts', '[]', 'exempt, or'],
  ['header', () => trustedProxy(slip({ proxies: [], header: [] })), 'trustedProxy.header', '[]', 'headers, or'],
  [
    'trustedOrigin',
    () => crossOriginProtection(slip({ trustedOrigin: 'https://a.example' })),
    'crossOriginProtection.trustedOrigin',
    '"https://a.example"',
    'trustedOrigins, or',
  ],
  [
    'contentSecurityPolcy',
    () => securityHeaders(slip({ contentSecurityPolcy: false })),
    'securityHeaders.contentSecurityPolcy',
    'false',
    'contentSecurityPolicy, or',
  ],
  ['reports', () => errors(slip({ reports: app })), 'errors.reports', 'a function app()', 'report, or'],
  ['hostName', () => serve(app, slip({ hostName: '::1' })), 'serve.hostName', '"::1"', 'hostname, or'],
  [
    'a name like none',
    () => errors(slip({ colour: 1 })),
    'errors.colour',
    '1',
    'left out: there is no such option, but page',
  ],

  // The server.
  [
    'a port in letters',
    () => serve(app, slip({ port: '80a' })),
    'serve.port',
    '"80a"',
    'a whole number from 0 to 65535',
  ],
])('%s', async (_name, make, about, given, write) => {
  const message = await said(make)
  expect(message).toMatch(/ must be .*, got /)
  expect(message.slice(0, about.length)).toBe(about)
  expect(message.slice(message.indexOf(', got '))).toContain(given)
  expect(message).toContain(write)
})

it('a secret that is given under a wrong name is in no message', async () => {
  expect(await said(() => oidc(slip({ ...gate, secrets: 'mellon' })))).not.toContain('mellon')
})

it('a port that is taken is named, with another one, and by the name by which it was asked for', async () => {
  const other = await listen(createServer())
  const taken = `Another program listens on port ${other.port}.`
  const byOption = await said(() => serve(app, { port: other.port, signals: false }))
  const byName = await withPort(String(other.port), () => said(() => serve(app, { signals: false })))
  await other.close()
  expect(byOption).toContain(`${taken} Take another one, such as ${other.port + 1}; 0 takes a free one`)
  expect(byName).toContain(`${taken} Write PORT=${other.port + 1}, or serve(app, { port: ${other.port + 1} })`)
})

it('a PORT that is none is named as what it is', async () => {
  const message = await withPort('http', () => said(() => serve(app)))
  expect(message).toBe('PORT, of the environment, must be a whole number from 0 to 65535, got "http"')
})

/** With a PORT in the environment. */
async function withPort<T>(port: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['PORT']
  process.env['PORT'] = port
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env['PORT']
    else process.env['PORT'] = before
  }
}
