import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'

// The requirements of this package are numbered, R1 to R56, and each has a test that names its number. Here they are in
// words, so that whoever reads a number in a test's name need look no further.
const requirements: readonly string[] = [
  'code flow only, never implicit, never a password; the response comes by the query',
  'PKCE with S256 always; a provider that cannot do it is refused',
  'state: random, good once, bound to this browser, silent about the page',
  'nonce with openid, checked in the ID token',
  'the redirect URI is of the configuration, never of Host or X-Forwarded-Host',
  'redirects to the provider by 303, never 307',
  'own answers: no-store, no-referrer; pages with a Content-Security-Policy',
  'own pages are shown in no frame',
  'iss of the response, compared as it is, and missed where it was promised',
  'each of several providers is known by its own path and cookie',
  'repeated parameters are refused, unknown ones ignored',
  'a code is sent once; whatever fails, the login is spent',
  'errors: 403 for access_denied, 502 while the provider is down, else 400; escaped, no stack',
  'the back button on a used callback: to the site, or a page with a link',
  'the ID token: iss, aud, azp, exp, iat, nonce, alg, signature',
  'sub of UserInfo is that of the ID token',
  'all calls over https; http by an explicit switch, on loopback',
  'one refresh in flight for each token, its result shared',
  'a lock across machines, with a store',
  'a grace in which the old cookie gets the new tokens',
  'invalid_grant ends a session, trouble at the provider does not',
  'refresh ahead of the end',
  'DPoP: a key for each login, its nonces, dpop_jkt',
  'pushed authorization requests, where the provider requires them',
  'resource indicators',
  'tokens are in no URL, no log and no header; the app gets them when it asks',
  'cookies: HttpOnly, Secure, SameSite=Lax, Path=/, no Domain, __Host-',
  'seals: encrypted, for one purpose, dated inside, keys by kid',
  'no Set-Cookie over 4096 bytes, stale chunks removed, a budget for all',
  'too large: without the ID token, then with fewer claims, then a clear error; no loop',
  'another session id at every login',
  'what is tampered with, or expired, is absent, and cleared',
  'pending logins: five at most, fifteen minutes each',
  'idle and absolute ends, and session_expiry',
  'access tokens: at+jwt, iss, aud, exp, iat, sub, client_id, jti, no none, no HS',
  'an ID token is no access token',
  '401 invalid_token, 403 insufficient_scope, never a redirect',
  'tokens that are bound to a key, with their proof',
  'resource_metadata in WWW-Authenticate',
  'a cookie and a token are never mixed: the token decides',
  'logout: here first, then at the provider, with hint and state',
  'after logout: only to this site',
  'the refresh token is revoked',
  'logout by no prefetch, no image; by a form of this site',
  'a page of our own where the provider knows no logout',
  'back-channel logout: a form by POST, 204 or 400, no-store',
  'the logout token: signature, iss, aud, iat, exp, jti, events, sub or sid, no nonce, typ',
  'sid ends that session, sub alone all of the user',
  'a logout token is good once',
  'a login after a logout works',
  'cookies alone are ended by a denylist',
  'identity fields of the client are removed, in every spelling',
  'the app sees no cookie of the gate',
  'values of fields are encoded',
  'the path that is judged is the path that the app gets',
  'answers to who is signed in are private, and vary by cookie',
]

// The rules of the cache of opened sessions, in the same way.
const rules: readonly string[] = [
  'an entry is made after all checks, and a hit repeats all but the deciphering',
  'the whole cookie is compared',
  'one spelling of a seal, and a few entries for each login',
  'bounds of number and bytes; what has ended goes',
  'logout and refresh drop the entry at once',
  'back-channel logout: the denylist first, then the entries, and asked again before an entry is made',
  'keys that are removed open nothing; new ones cost nothing',
  'what was ended on other machines is known within a stated time',
  'what requests share is frozen',
  'each gate has its own',
  'two cookies, two fields, chunks: a hit and a miss give the same answer',
]

/** What stands in the names of tests, and of the rows of their tables: texts in quotes with a number in them. */
const names = ['.', '../browser']
  .flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((name) => name.endsWith('.test.ts') && name !== 'requirements.test.ts')
      .map((name) => readFileSync(join(import.meta.dirname, folder, name), 'utf8')),
  )
  .flatMap((text) => text.match(/^(?! *(?:\/\/|\*)).*['`][^'`\n]*\b(?:R|rules? )\d+\b[^'`\n]*['`]/gm) ?? [])

it.each(requirements.map((words, i) => [`R${i + 1}`, words]))('%s has a test that names it: %s', (number) => {
  const named = names.filter((name) => new RegExp(`\\b${number}\\b`).test(name))
  expect([number, named.length > 0]).toEqual([number, true])
})

it.each(rules.map((words, i) => [i + 1, words]))('rule %d has a test that names it: %s', (number) => {
  const named = names.filter((name) => new RegExp(`\\brules?\\b[\\d, and]* ${number}\\b`).test(name))
  expect([number, named.length > 0]).toEqual([number, true])
})

it('no test names a requirement that is not there', () => {
  const numbers = names.flatMap((name) => [...name.matchAll(/\bR(\d+)\b/g)].map(([, digits]) => Number(digits)))
  expect(numbers.filter((number) => number < 1 || number > requirements.length)).toEqual([])
})
