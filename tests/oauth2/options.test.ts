import { describe, expect, it } from '@jest/globals'
import { github, memoryStore, oauth2, oidc, type OidcOptions } from '@outerware/oauth2'
import { secret } from './support/index.ts'

const right = {
  issuer: 'https://op.test',
  clientId: 'site',
  clientSecret: 'x',
  baseURL: 'https://site.test',
  secret,
} satisfies OidcOptions

/** What is thrown when these options are added to the right ones. */
function thrown(options: Record<string, unknown>): unknown {
  try {
    // Wrong on purpose, as JavaScript code may be.
    oidc({ ...right, ...options } as never)
  } catch (error) {
    return error
  }
  return undefined
}

it('takes the four that are needed, and a client without a secret', () => {
  const { clientSecret: _, ...needed } = right
  expect(typeof oidc(needed)).toBe('function')
})

describe('a wrong option is refused when the gate is made', () => {
  const place = "the address by which browsers find this site, in front of all proxies, such as 'https://site.example'"
  const address = 'an https:// URL without user, query or fragment'
  it.each<[Record<string, unknown>, string]>([
    [{ issuer: undefined }, `oidc.issuer must be ${address}, got undefined`],
    [{ issuer: 'op.test' }, `oidc.issuer must be ${address}, got "op.test"`],
    [{ issuer: 'https://op.test/?tenant=1' }, `oidc.issuer must be ${address}, got "https://op.test/?tenant=1"`],
    [{ issuer: 'https://user@op.test' }, `oidc.issuer must be ${address}, got "https://user@op.test"`],
    [{ issuer: 'ftp://op.test' }, `oidc.issuer must be ${address}, got "ftp://op.test"`],
    [
      { issuer: 'http://localhost:4000' },
      'oidc.issuer must be an https:// URL (http:// is for loopback, with allowInsecureRequests: true), got "http://localhost:4000/"',
    ],
    [
      { issuer: 'http://op.test', allowInsecureRequests: true },
      'oidc.issuer must be an https:// URL (http:// is for loopback, with allowInsecureRequests: true), got "http://op.test/"',
    ],
    [{ provider: {} }, 'oidc.issuer must be left out where there is a provider, got "https://op.test"'],
    [
      { issuer: undefined, provider: github() },
      'oidc.provider must be google(), entra() … (github() and generic() are for oauth2()), got {"kind":"oauth2"}',
    ],
    [
      { issuer: undefined, provider: { issuer: 'https://op.test' } },
      'oidc.provider must be google(), entra() … (github() and generic() are for oauth2()), got {"issuer":"https://op.test"}',
    ],
    [
      { clientAuth: 'private_key_jwt' },
      'oidc.clientKey must be a private key, as a JWK, where clientAuth is private_key_jwt, got undefined',
    ],
    [
      { clientKey: { kty: 'EC', x: 'p' } },
      'oidc.clientKey must be a private key of a key pair, as a JWK, got an object',
    ],
    [
      { clientKey: { kty: 'oct', k: 'p' } },
      'oidc.clientKey must be a private key of a key pair, as a JWK, got an object',
    ],
    [
      { pushedAuthorizationRequests: 'required' },
      'oidc.pushedAuthorizationRequests must be \'auto\', true or false, got "required"',
    ],
    [{ dpop: 'yes' }, 'oidc.dpop must be true or false, got "yes"'],
    [{ trustedOrigins: 'https://a.test' }, 'oidc.trustedOrigins must be a list of strings, got "https://a.test"'],
    ...['https://a.test/', 'https://a.test:443', 'a.test', 'null', 'https://*.a.test'].map(
      (origin): [Record<string, unknown>, string] => [
        { trustedOrigins: ['https://b.test', origin] },
        `oidc.trustedOrigins[1] must be an origin as browsers spell it, such as https://admin.site.example: no path, no default port, got "${origin}"`,
      ],
    ),
    [{ resource: 'api' }, 'oidc.resource must be an absolute URI without a fragment, got "api"'],
    [{ resource: ['urn:a#b'] }, 'oidc.resource must be an absolute URI without a fragment, got "urn:a#b"'],
    [
      { clientId: '' },
      'oidc.clientId must be a string that is not empty, got ""; is a variable of the environment not set?',
    ],
    [{ clientId: 7 }, 'oidc.clientId must be a string that is not empty, got 7'],
    [
      { clientSecret: undefined },
      'oidc.clientSecret must be a string that is not empty, got undefined; is a variable of the environment not set?',
    ],
    [
      { clientSecret: '' },
      'oidc.clientSecret must be a string that is not empty, got ""; is a variable of the environment not set?',
    ],
    [{ clientSecret: 12_345 }, 'oidc.clientSecret must be a string that is not empty, got a number'],
    [
      { clientAuth: 'client_secret_jwt' },
      "oidc.clientAuth must be 'auto' or 'client_secret_basic' or 'client_secret_post' or 'private_key_jwt' or 'none', got \"client_secret_jwt\"",
    ],
    [{ baseURL: undefined }, `oidc.baseURL must be ${place}, got undefined`],
    [{ baseURL: 'https://site.test/?a=1' }, `oidc.baseURL must be ${address}, got "https://site.test/?a=1"`],
    [{ baseURL: 'https://site.test/#' }, `oidc.baseURL must be ${address}, got "https://site.test/#"`],
    [{ baseURL: '/app' }, `oidc.baseURL must be ${place}, got "/app"`],
    [
      { baseURL: 'https://site.test/a%2fb' },
      'oidc.baseURL must be a URL whose path can be read in one way only, got "https://site.test/a%2fb"',
    ],
    [
      { secret: undefined },
      'oidc.secret must be a random string of 32 characters or more (openssl rand -base64 32), got undefined',
    ],
    [
      { secret: 'too short' },
      'oidc.secret must be a random string of 32 characters or more (openssl rand -base64 32), got a string of 9 characters',
    ],
    [{ secret: [] }, 'oidc.secret must be a secret or a list of them, got []'],
    [
      { secret: [secret, 'short'] },
      'oidc.secret[1] must be a random string of 32 characters or more (openssl rand -base64 32), got a string of 5 characters',
    ],
    [{ scope: 'profile' }, 'oidc.scope must be a list, separated by spaces, with openid in it, got "profile"'],
    [
      { scope: 'openid,email' },
      'oidc.scope must be a list, separated by spaces, with openid in it, got "openid,email"',
    ],
    [
      { routes: { signin: '/in' } },
      'oidc.routes.signin must be left out: there is no such option, but login, callback, logout, backchannelLogout, got a string of 3 characters',
    ],
    [
      { routes: { login: 'in' } },
      'oidc.routes.login must be a decoded path that begins with / and has no dot segments, query or escapes, got "in"',
    ],
    [
      { routes: { login: '/in?x' } },
      'oidc.routes.login must be a decoded path that begins with / and has no dot segments, query or escapes, got "/in?x"',
    ],
    [
      { routes: { login: '/a', logout: '/a' } },
      'oidc.routes must be different paths, got {"login":"/a","logout":"/a"}',
    ],
    [{ returnToParam: '' }, 'oidc.returnToParam must be a string that is not empty, got ""'],
    [
      { authorizationParams: { state: 'x' } },
      'oidc.authorizationParams.state must be left out: the gate sets it itself, got "x"',
    ],
    [
      { authorizationParams: { response_type: 'token' } },
      'oidc.authorizationParams.response_type must be left out: the gate sets it itself, got "token"',
    ],
    [
      { authorizationParams: { code_challenge_method: 'plain' } },
      'oidc.authorizationParams.code_challenge_method must be left out: the gate sets it itself, got "plain"',
    ],
    [{ authorizationParams: { max_age: 60 } }, 'oidc.authorizationParams.max_age must be a string, got 60'],
    [
      { authorizationParams: { max_age: '1h' } },
      'oidc.authorizationParams.max_age must be a whole number of seconds, as a string, got "1h"',
    ],
    [{ publicPaths: '/public' }, 'oidc.publicPaths must be a list of paths, got "/public"; write ["/public"]'],
    [
      { publicPaths: ['public'] },
      'oidc.publicPaths[0] must be a decoded path that begins with / and has no dot segments, query or escapes, got "public"',
    ],
    [
      { publicPaths: ['/a', '/caf%C3%A9'] },
      'oidc.publicPaths[1] must be a decoded path that begins with / and has no dot segments, query or escapes, got "/caf%C3%A9"',
    ],
    [
      { publicPaths: ['/a/../b'] },
      'oidc.publicPaths[0] must be a decoded path that begins with / and has no dot segments, query or escapes, got "/a/../b"',
    ],
    [
      { publicPaths: ['/a*'] },
      'oidc.publicPaths[0] must be a path whose only * stands alone at the end, such as /public/*, got "/a*"',
    ],
    [
      { publicPaths: ['/*/a'] },
      'oidc.publicPaths[0] must be a path whose only * stands alone at the end, such as /public/*, got "/*/a"',
    ],
    [
      { publicPaths: [/^\/a/] },
      "oidc.publicPaths[0] must be a path, '/below/*', { method, path } or a function, got /^\\/a/",
    ],
    [
      { publicPaths: [null] },
      "oidc.publicPaths[0] must be a path, '/below/*', { method, path } or a function, got null",
    ],
    [
      { publicPaths: [{ method: 'get', path: '/a' }] },
      'oidc.publicPaths[0].method must be a method in upper case, such as GET, got "get"',
    ],
    [
      { publicPaths: [{ method: 'GET', paths: '/a' }] },
      'oidc.publicPaths[0].paths must be path, or left out: there is no such option, but method, path, got a string of 2 characters',
    ],
    [{ unauthenticated: '403' }, "oidc.unauthenticated must be 'auto' or 'redirect' or '401', got \"403\""],
    [
      { allow: { domains: ['a'] } },
      'oidc.allow.domains must be left out: there is no such option, but emails, emailDomains, groups, claims, check, got an array of 1',
    ],
    [{ allow: { emails: 'ann@example.com' } }, 'oidc.allow.emails must be a list of strings, got "ann@example.com"'],
    [{ allow: { emails: null } }, 'oidc.allow.emails must be a list of strings, got null'],
    [{ allow: { emails: [''] } }, 'oidc.allow.emails[0] must be a string that is not empty, got ""'],
    [
      { allow: { emailDomains: ['@example.com'] } },
      'oidc.allow.emailDomains must be domains without @, got "@example.com"',
    ],
    [{ allow: { groups: [1] } }, 'oidc.allow.groups[0] must be a string that is not empty, got 1'],
    [
      { allow: { claims: ['a'] } },
      'oidc.allow.claims must be an object of claims, each with a string, number, boolean, or a list of them, got ["a"]',
    ],
    [
      { allow: { claims: { a: null } } },
      'oidc.allow.claims.a must be a string, number, boolean, or a list of them, got null',
    ],
    [{ allow: { check: true } }, 'oidc.allow.check must be a function, got true'],
    [{ forbidden: '/403' }, 'oidc.forbidden must be a function, got "/403"'],
    [
      { identityHeaders: true },
      'oidc.identityHeaders must be an object of header names and claims, or false, got true',
    ],
    [
      { identityHeaders: { 'x user': 'sub' } },
      'oidc.identityHeaders.x user must be a header name that is free to be set, got "x user"',
    ],
    [
      { identityHeaders: { Cookie: 'sub' } },
      'oidc.identityHeaders.Cookie must be a header name that is free to be set, got "Cookie"',
    ],
    [{ identityHeaders: { 'x-user': 1 } }, 'oidc.identityHeaders.x-user must be a string that is not empty, got 1'],
    [
      { session: { rollingDuration: 59 } },
      'oidc.session.rollingDuration must be a whole number of seconds >= 60, got 59',
    ],
    [
      { session: { rollingDuration: '1d' } },
      'oidc.session.rollingDuration must be a whole number of seconds >= 60, got "1d"',
    ],
    [
      { session: { absoluteDuration: 3600 } },
      'oidc.session.absoluteDuration must be a whole number of seconds >= 86400, got 3600',
    ],
    [
      { session: { maxHeaderBytes: 1000 } },
      'oidc.session.maxHeaderBytes must be a whole number of bytes >= 2048, got 1000',
    ],
    [{ session: { claims: 'name' } }, 'oidc.session.claims must be a list of strings, got "name"'],
    [
      { session: { store: {} } },
      'oidc.session.store must be a store with get, set and delete, such as memoryStore(), got {}',
    ],
    [
      { session: { cache: { entries: -1 } } },
      'oidc.session.cache.entries must be a whole number of sessions >= 0, got -1',
    ],
    [{ session: { cache: { bytes: 0.5 } } }, 'oidc.session.cache.bytes must be a whole number of bytes >= 0, got 0.5'],
    [{ refresh: { lockTTL: 0 } }, 'oidc.refresh.lockTTL must be a whole number of seconds >= 1, got 0'],
    [{ backchannelLogout: 'yes' }, 'oidc.backchannelLogout must be true, false or { store }, got "yes"'],
    [
      { backchannelLogout: { store: null } },
      'oidc.backchannelLogout.store must be a store with get, set and delete, such as memoryStore(), got null',
    ],
    [
      { session: { store: memoryStore() }, backchannelLogout: { store: memoryStore() } },
      'oidc.backchannelLogout must be true or false where there is a session.store, got {"store":{}}',
    ],
    [
      { session: { cookie: { name: '__Host-x' } } },
      'oidc.session.cookie.name must be letters, digits, - and _ (40 at most, no _ first), got "__Host-x"',
    ],
    [
      { session: { cookie: { name: 'a b' } } },
      'oidc.session.cookie.name must be letters, digits, - and _ (40 at most, no _ first), got "a b"',
    ],
    [
      { session: { cookie: { sameSite: 'strict' } } },
      "oidc.session.cookie.sameSite must be 'lax' or 'none', got \"strict\"",
    ],
    [
      { baseURL: 'http://localhost', session: { cookie: { sameSite: 'none' } } },
      'oidc.session.cookie.sameSite must be \'lax\' where baseURL is http, got "none"',
    ],
    [
      { session: { cookie: { domain: 'test' } } },
      'oidc.session.cookie.domain must be left out: there is no such option, but name, sameSite, got a string of 4 characters',
    ],
    [{ refresh: true }, 'oidc.refresh must be an object, got true'],
    [
      { refresh: { coordinator: {} } },
      'oidc.refresh.coordinator must be a store with get, set and delete, such as memoryStore(), got {}',
    ],
    [
      { refresh: { coordinator: { get() {}, set() {}, delete() {} } } },
      'oidc.refresh.coordinator must be a store that has locks, such as redisStore(), got {}',
    ],
    [
      { refresh: { coordinator: memoryStore() }, session: { store: memoryStore() } },
      'oidc.refresh.coordinator must be left out where there is a session.store, got a MemoryStore',
    ],
    [{ refresh: { ahead: -1 } }, 'oidc.refresh.ahead must be a whole number of seconds >= 0, got -1'],
    [{ refresh: { grace: 1.5 } }, 'oidc.refresh.grace must be a whole number of seconds >= 0, got 1.5'],
    [{ idpLogout: 'yes' }, 'oidc.idpLogout must be true or false, got "yes"'],
    [{ bearer: true }, 'oidc.bearer must be an object, got true'],
    [{ bearer: {} }, 'oidc.bearer.audience must be a string that is not empty, got undefined'],
    [{ bearer: { audience: [] } }, 'oidc.bearer.audience must be a string or a list of them, got []'],
    [{ bearer: { audience: 'a', scopes: 'read' } }, 'oidc.bearer.scopes must be a list of strings, got "read"'],
    [
      { bearer: { audience: 'a', scopes: ['read write'] } },
      'oidc.bearer.scopes must be single scopes, one in each string, got "read write"',
    ],
    [{ bearer: { audience: 'a', issuers: ['op'] } }, `oidc.bearer.issuers[0] must be ${address}, got "op"`],
    [
      { bearer: { audience: 'a', issuers: ['http://op.test'] } },
      'oidc.bearer.issuers[0] must be an https:// URL (http:// is for loopback, with allowInsecureRequests: true), got "http://op.test/"',
    ],
    [
      { bearer: { audience: 'a', algorithms: ['none'] } },
      'oidc.bearer.algorithms must be left out: there is no such option, but audience, scopes, issuers, got an array of 1',
    ],
    [{ stepUp: { path: '/a' } }, 'oidc.stepUp must be a list of { path, acr, maxAge }, got {"path":"/a"}'],
    [{ stepUp: [{ path: '/a' }] }, 'oidc.stepUp[0] must be a rule with acr, maxAge or both, got {"path":"/a"}'],
    [
      { stepUp: [{ path: 'a', acr: 'x' }] },
      'oidc.stepUp[0].path must be a decoded path that begins with / and has no dot segments, query or escapes, got "a"',
    ],
    [{ stepUp: [{ path: '/a', acr: [1] }] }, 'oidc.stepUp[0].acr[0] must be a string that is not empty, got 1'],
    [{ stepUp: [{ path: '/a', maxAge: -1 }] }, 'oidc.stepUp[0].maxAge must be a whole number of seconds >= 0, got -1'],
    [{ forwardAuth: true }, 'oidc.forwardAuth must be an object, got true'],
    [{ forwardAuth: {} }, "oidc.forwardAuth.proxy must be 'nginx' or 'traefik', got undefined"],
    [{ forwardAuth: { proxy: 'caddy' } }, "oidc.forwardAuth.proxy must be 'nginx' or 'traefik', got \"caddy\""],
    [
      { forwardAuth: { proxy: 'nginx', path: '/auth/login' } },
      'oidc.forwardAuth.path must be another path than the routes, got "/auth/login"',
    ],
    [{ clockTolerance: Number.NaN }, 'oidc.clockTolerance must be a whole number of seconds >= 0, got NaN'],
    [{ allowInsecureRequests: 'true' }, 'oidc.allowInsecureRequests must be true or false, got "true"'],
    [{ timeout: 0 }, 'oidc.timeout must be a number of seconds > 0, got 0'],
    [{ on: { login: 'x' } }, 'oidc.on.login must be a function, got "x"'],
    [
      { on: { signin: () => {} } },
      'oidc.on.signin must be left out: there is no such option, but login, logout, backchannelLogout, refresh, refused, error, got a function',
    ],
  ])('%j', (options, message) => {
    expect(thrown(options)).toMatchObject({ name: 'OptionError', code: 'ERR_OPTION', message })
  })

  it('one that is misspelt, with the names of all', () => {
    const { message } = Object(thrown({ clientID: 'site' }))
    expect(message).toMatch(
      /^oidc\.clientID must be clientId, or left out: there is no such option, but issuer, provider, clientId, .*, on, got a string of 4 characters$/,
    )
  })

  it.each([[undefined], [null], ['https://op.test'], [[]]])('%j in place of the options', (options) => {
    expect(() => oidc(options as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

it('shows no secret in a message', () => {
  const messages = [
    { secret: 'p4ssw0rd' },
    { clientSecret: ['p4ssw0rd'] },
    { secret: ['p4ssw0rd'] },
    { password: 'p4ssw0rd' },
  ]
  for (const options of messages) expect(String(thrown(options))).not.toContain('p4ssw0rd')
})

it('takes an http provider on loopback, by every name of it', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'op.localhost']) {
    expect(thrown({ issuer: `http://${host}:4000`, allowInsecureRequests: true })).toBeUndefined()
  }
  for (const host of ['127.0.0.1.evil.test', 'localhost.evil.test', '128.0.0.1', '0.0.0.0']) {
    expect(thrown({ issuer: `http://${host}`, allowInsecureRequests: true })).toMatchObject({ code: 'ERR_OPTION' })
  }
})

describe('options of oauth2()', () => {
  const { issuer: _, ...needed } = { ...right, provider: github() }
  it('are taken without an issuer', () => {
    expect(typeof oauth2(needed)).toBe('function')
  })

  it.each<[Record<string, unknown>, string]>([
    [
      { provider: undefined },
      'oauth2.provider must be github() or generic() (google(), entra() … are for oidc()), got undefined',
    ],
    [{ clientId: '' }, 'oauth2.clientId must be a string that is not empty, got ""'],
    [{ routes: { login: 'in' } }, 'oauth2.routes.login must be a decoded path'],
    [{ issuer: 'https://op.test' }, 'oauth2.issuer must be left out: there is no such option, but provider, clientId'],
    [{ stepUp: [] }, 'oauth2.stepUp must be left out: there is no such option, but provider, clientId'],
  ])('that are wrong are told under its own name: %j', (options, message) => {
    try {
      oauth2({ ...needed, ...options } as never)
      throw new Error('not refused')
    } catch (error) {
      expect(error).toMatchObject({ name: 'OptionError', message: expect.stringContaining(message) })
      expect(error).toHaveProperty('option', message.split(' ', 1)[0])
      expect(Object(error).stack).toContain(message)
    }
  })
})
