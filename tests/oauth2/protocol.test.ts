import { describe, expect, it } from '@jest/globals'
import type { OAuthError, OidcOptions } from '@outerware/oauth2'
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose'
import {
  browser,
  clientId,
  clientSecret,
  clock,
  gateTo,
  origin,
  secret,
  startFakeProvider,
  startProvider,
  whoAmI,
  type Browser,
  type TestProvider,
} from './support/index.ts'
import { oidc } from '@outerware/oauth2'

/** The provider's way out, for loopback too. */
const open = (url: string | URL, init?: RequestInit): Promise<Response> => fetch(url, init)

/** Signs in, and gives the address that the provider was asked by, and the page in the end. */
async function through(
  ann: Browser,
  provider: { issuer: string },
): Promise<{ asked: URLSearchParams; page: Record<string, unknown> }> {
  const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(provider.issuer) })
  const { text } = await ann.signIn(url)
  return { asked: new URL(url).searchParams, page: JSON.parse(text) }
}

const errors: OAuthError[] = []
const on = { error: (error: OAuthError) => void errors.push(error) }
const site = (provider: TestProvider, options: Partial<OidcOptions<readonly []>> = {}): Browser =>
  browser({ [origin]: gateTo(provider, { on, ...options })(whoAmI) })

describe('pushed authorization requests (RFC 9126; R24)', () => {
  const par = (requirePushedAuthorizationRequests: boolean): Record<string, unknown> => ({
    features: { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests } },
  })

  it('are made where the provider requires them, and the browser carries nothing else', async () => {
    const provider = await startProvider(par(true))
    const { asked, page } = await through(site(provider, { authorizationParams: { ui_locales: 'de' } }), provider)
    expect([...asked.keys()].sort()).toEqual(['client_id', 'request_uri'])
    expect(page).toMatchObject({ sub: 'ann' })
    const [pushed] = provider.bodies('/request')
    expect(Object.fromEntries(pushed!)).toMatchObject({ ui_locales: 'de', code_challenge_method: 'S256' })
  })

  it('are made where the options say so', async () => {
    const provider = await startProvider(par(false))
    const { asked } = await through(site(provider, { pushedAuthorizationRequests: true }), provider)
    expect(asked.has('request_uri')).toBe(true)
  })

  it.each<[string, boolean, Partial<OidcOptions<readonly []>>]>([
    ['the provider only offers them', false, {}],
    ['the options say so', false, { pushedAuthorizationRequests: false }],
  ])('are not made where %s', async (_why, isRequired, options) => {
    const provider = await startProvider(par(isRequired))
    const { asked } = await through(site(provider, options), provider)
    expect([asked.has('request_uri'), asked.has('state'), provider.count('/request')]).toEqual([false, true, 0])
  })

  it('that are refused, or cannot be made, are trouble at the provider: 502, told to on.error', async () => {
    const provider = await startProvider(par(true))
    const refused = await site(provider, { clientSecret: 'wrong' }).fetch(`${origin}/`)
    const none = await startProvider({ features: { pushedAuthorizationRequests: { enabled: false } } })
    errors.length = 0
    const impossible = await site(none, { pushedAuthorizationRequests: true }).fetch(`${origin}/`)
    expect([refused.status, impossible.status]).toEqual([502, 502])
    expect(errors).toMatchObject([{ code: 'ERR_PROVIDER_METADATA' }])
  })
})

describe('tokens bound to a key (DPoP, RFC 9449; R23)', () => {
  const bound = { features: { dPoP: { enabled: true } } }
  const withNonce = {
    features: { dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true } },
  }

  it('are asked for with the thumbprint of a key, and got with its proof', async () => {
    const provider = await startProvider(bound, { dpop_bound_access_tokens: true })
    const { asked, page } = await through(site(provider, { dpop: true }), provider)
    expect(page).toMatchObject({ sub: 'ann' })
    expect(asked.get('dpop_jkt')).toMatch(/^[\w-]{43}$/)
    const { jwk, alg } = decodeProtectedHeader(provider.proofs('/token')[0]!)
    expect([alg, Object.keys(jwk!).sort()]).toEqual(['ES256', ['crv', 'kty', 'x', 'y']])
  })

  it('have another key for each login, and the same one when they are refreshed', async () => {
    const provider = await startProvider(bound, { dpop_bound_access_tokens: true })
    const ann = site(provider, { dpop: true })
    await ann.signIn(`${origin}/`)
    const time = clock()
    time.forward(590)
    expect((await ann.open(`${origin}/`)).status).toBe(200)
    time.restore()
    await site(provider, { dpop: true }).signIn(`${origin}/`, 'bob')
    const keys = provider.proofs('/token').map((proof) => decodeProtectedHeader(proof!).jwk?.x)
    expect(keys).toHaveLength(3)
    expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([true, false])
  })

  it('are got with the nonce that the provider wants, after one more call', async () => {
    const provider = await startProvider(withNonce, { dpop_bound_access_tokens: true })
    const { page } = await through(site(provider, { dpop: true }), provider)
    expect(page).toMatchObject({ sub: 'ann' })
    const [first, second, ...more] = provider.proofs('/token').map((proof) => decodeJwt(proof!)['nonce'])
    expect([first, typeof second, more]).toEqual([undefined, 'string', []])
  })

  it('go to UserInfo with a proof for this token', async () => {
    const provider = await startProvider({ ...bound, conformIdTokenClaims: true }, { dpop_bound_access_tokens: true })
    const { page } = await through(site(provider, { dpop: true }), provider)
    expect(page).toMatchObject({ email: 'ann@example.com' })
    expect(decodeJwt(provider.proofs('/me')[0]!)).toMatchObject({ htm: 'GET', ath: expect.any(String) })
    expect(provider.authorizations('/me')[0]).toMatch(/^DPoP /)
  })

  it('are wanted: a provider that does not know them is not used, and one that does not bind them is refused', async () => {
    errors.length = 0
    const plain = await startProvider({ features: { dPoP: { enabled: false } } })
    expect((await site(plain, { dpop: true }).fetch(`${origin}/`)).status).toBe(502)
    expect(errors).toMatchObject([{ message: 'the provider cannot be used: it does not offer DPoP with ES256' }])
    const fake = await startFakeProvider()
    fake.metadata = { ...fake.metadata, dpop_signing_alg_values_supported: ['ES256'] }
    const ann = browser({ [origin]: gateTo(fake, { dpop: true, on, scope: 'openid' })(whoAmI) })
    const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
    const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
    fake.token = async () => ({
      body: { access_token: 'x', token_type: 'Bearer', id_token: await fake.idToken({ nonce }) },
    })
    const answer = await ann.open(`${origin}/auth/callback?code=c&state=${state}`)
    expect([answer.status, errors[1]?.message]).toEqual([502, 'the provider has not bound the access token to its key'])
  })
})

describe('a client that shows itself by a key (private_key_jwt, RFC 7523)', () => {
  it('signs each call, and sends no secret', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    // Only to serve the public half: within Jest the provider takes no keys by value, they are of another realm.
    const holder = await startFakeProvider()
    holder.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'mine', use: 'sig', alg: 'ES256' }] }
    const client = { client_secret: undefined, token_endpoint_auth_method: 'private_key_jwt' }
    const provider = await startProvider({ fetch: open }, { ...client, jwks_uri: `${holder.issuer}/jwks` })
    const clientKey = { ...(await exportJWK(privateKey)), kid: 'mine' }
    const needed = { issuer: provider.issuer, clientId, baseURL: origin, secret, allowInsecureRequests: true }
    const ann = browser({ [origin]: oidc({ ...needed, clientKey })(whoAmI) })
    // It warns that it takes keys from loopback, which is meant here.
    const { warn } = console
    console.warn = () => {}
    const { page } = await through(ann, provider)
    console.warn = warn
    expect(page).toMatchObject({ sub: 'ann' })
    const [body] = provider.bodies('/token')
    const assertion = body!.get('client_assertion')!
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'ES256', kid: 'mine' })
    expect(decodeJwt(assertion)).toMatchObject({ iss: clientId, sub: clientId, jti: expect.any(String) })
    expect([body!.has('client_secret'), provider.authorizations('/token')]).toEqual([false, [undefined]])
  })
})

describe('a client secret that basic has to encode (c13)', () => {
  /** A provider whose token endpoint takes these spellings of the Authorization field only, and no secret in the body. */
  async function picky(
    offered: readonly string[],
    takes: (field: string | undefined) => boolean,
  ): Promise<{
    status: number
    fields: (string | undefined)[]
    again: number
  }> {
    const provider = await startProvider({}, { token_endpoint_auth_method: 'client_secret_basic' })
    const metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json()
    provider.interfere = (req, res) => {
      if (req.url === '/.well-known/openid-configuration') {
        const said = { ...Object(metadata), token_endpoint_auth_methods_supported: offered }
        res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
        return true
      }
      if (req.url !== '/token') return false
      if (!takes(req.headers.authorization)) {
        req.resume()
        res.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}')
        return true
      }
      // What it has taken in its own spelling is told to the real one in that of the RFC.
      req.headers.authorization = encoded
      return false
    }
    const gate = gateTo(provider, { on })(whoAmI)
    const { status } = await browser({ [origin]: gate }).signIn(`${origin}/`)
    const fields = provider.authorizations('/token')
    await browser({ [origin]: gate }).signIn(`${origin}/`, 'bob')
    return { status, fields, again: provider.count('/token') - fields.length }
  }
  const basic = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`
  const strictly = (text: string): string =>
    encodeURIComponent(text).replace(/[-_.!~*'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const encoded = basic(strictly(clientId), strictly(clientSecret))
  const raw = basic(clientId, clientSecret)

  it('is sent as it is to a provider that offers basic alone and does not decode, and next time at once', async () => {
    const { status, fields, again } = await picky(['client_secret_basic'], (field) => field === raw)
    expect({ status, fields, again }).toEqual({ status: 200, fields: [encoded, raw], again: 1 })
  })

  it('is sent by basic to one that offers post and does not take it', async () => {
    const offered = ['client_secret_basic', 'client_secret_post']
    const { status, fields, again } = await picky(offered, (field) => field === encoded)
    expect({ status, fields, again }).toEqual({ status: 200, fields: [undefined, encoded], again: 1 })
  })

  it('is sent once by one that decodes', async () => {
    const { status, fields } = await picky(['client_secret_basic'], (field) => field === encoded)
    expect({ status, fields }).toEqual({ status: 200, fields: [encoded] })
  })
})

describe('resource indicators (RFC 8707; R25)', () => {
  it('are in the request of the browser and in every call for a token', async () => {
    const api = 'https://api.test/v1'
    const info = { scope: 'read', audience: api, accessTokenFormat: 'jwt' }
    const provider = await startProvider({
      features: {
        resourceIndicators: { enabled: true, getResourceServerInfo: () => info, useGrantedResource: () => true },
      },
      scopes: ['openid', 'offline_access', 'read'],
    })
    const ann = site(provider, { resource: api, scope: 'openid read' })
    const { asked, page } = await through(ann, provider)
    expect(asked.getAll('resource')).toEqual([api])
    expect(decodeJwt(String(page['accessToken']))).toMatchObject({ aud: api, scope: 'read' })
    const time = clock()
    time.forward(3590)
    await ann.open(`${origin}/`)
    time.restore()
    expect(provider.bodies('/token').map((body) => [body.get('grant_type'), body.getAll('resource')])).toEqual([
      ['authorization_code', [api]],
      ['refresh_token', [api]],
    ])
  })

  it('may be several', async () => {
    const fake = await startFakeProvider()
    const list = ['https://one.test', 'urn:two']
    const ann = browser({ [origin]: gateTo(fake, { resource: list })(whoAmI) })
    const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
    expect(new URL(url).searchParams.getAll('resource')).toEqual(list)
  })
})

it('tokenEndpointParams go along with every call for a token (R25)', async () => {
  const provider = await startProvider()
  const ann = site(provider, { tokenEndpointParams: { audience: 'https://api.test' } })
  await ann.signIn(`${origin}/`)
  const time = clock()
  time.forward(590)
  await ann.open(`${origin}/`)
  time.restore()
  expect(provider.bodies('/token').map((body) => [body.get('grant_type'), body.get('audience')])).toEqual([
    ['authorization_code', 'https://api.test'],
    ['refresh_token', 'https://api.test'],
  ])
})
