import { beforeAll, describe, expect, it } from '@jest/globals'
import { lampAPI } from '@outerware/recipes/api-with-bearer-tokens/app'
import { tryoutIssuer } from '@outerware/recipes/api-with-bearer-tokens/tryout-issuer'
import { later } from './start.ts'
import { Visitor, type Answer, type Ask } from './visitor.ts'

let url: string
let issuer: string
beforeAll(async () => {
  const [made, api] = [await later(), await later()]
  url = `http://localhost:${api.running.port}`
  issuer = `http://127.0.0.1:${made.running.port}`
  const client = { id: 'site', secret: 'of the client, and only for tests', baseURL: url }
  made.use(await tryoutIssuer(issuer, client))
  const secret = 'of the cookies, and only for these tests'
  api.use(lampAPI({ baseURL: url, issuer, clientId: client.id, clientSecret: client.secret, secret }))
})

/** A token for a program, as curl asks for it in the README. */
async function token(program: string, scope: string, resource = url): Promise<string> {
  const { text } = await new Visitor().ask(`${issuer}/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${btoa(`${program}:${program}-secret`)}`,
    },
    body: String(new URLSearchParams({ grant_type: 'client_credentials', scope, resource })),
  })
  return JSON.parse(text).access_token
}

const ask = (path: string, bearer?: string, init: Ask = {}): Promise<Answer> => {
  const headers = bearer === undefined ? init.headers : { ...init.headers, authorization: `Bearer ${bearer}` }
  return new Visitor().ask(url + path, { ...init, ...(headers && { headers }) })
}

/** Signs in by a browser, led there from the API. */
async function come(login: string): Promise<Visitor> {
  const visitor = new Visitor()
  const form = await visitor.go(`${url}/lamp`)
  expect(new URL(form.url).origin).toBe(issuer)
  const answer = await visitor.submit(form.url, { prompt: 'login', login, password: 'any' })
  expect([answer.url, answer.status]).toEqual([`${url}/lamp`, 200])
  return visitor
}

const lit = { method: 'PUT', body: 'on' }

describe('the api-with-bearer-tokens recipe', () => {
  it('says where to get a token, to programs that have never heard of it (RFC 9728)', async () => {
    const { status, headers } = await ask('/lamp')
    expect(status).toBe(401)
    const metadata = /resource_metadata="([^"]+)"/.exec(headers['www-authenticate'] ?? '')?.[1]
    expect(metadata).toBe(`${url}/.well-known/oauth-protected-resource`)
    expect(JSON.parse((await new Visitor().ask(metadata!)).text)).toMatchObject({
      resource: url,
      authorization_servers: [issuer],
      scopes_supported: ['lamp:read'],
    })
  })

  it('leads a browser to sign in, and takes its session on the same route', async () => {
    const mairi = await come('mairi')
    expect(JSON.parse((await mairi.ask(`${url}/lamp`, lit)).text)).toEqual({ lit: true, by: 'mairi' })
    const answer = await mairi.ask(`${url}/lamp`, { ...lit, headers: { 'sec-fetch-site': 'cross-site' } })
    expect(answer.status).toBe(403)
  })

  it('judges a token by itself, whatever session comes with it', async () => {
    const tomas = await come('tomas')
    const by = (bearer: string): Promise<Answer> =>
      tomas.ask(`${url}/lamp`, { ...lit, headers: { authorization: `Bearer ${bearer}` } })
    expect(JSON.parse((await by(await token('keeper', 'lamp:read lamp:write'))).text).by).toBe('keeper')
    expect((await by(await token('visitor', 'lamp:read'))).status).toBe(403)
    expect((await by('abc.def.ghi')).status).toBe(401)
  })

  it('takes a token that was made for it, and knows who has come', async () => {
    const keeper = await token('keeper', 'lamp:read lamp:write')
    for (const body of ['off', 'on']) {
      const state = { lit: body === 'on', by: 'keeper' }
      expect(JSON.parse((await ask('/lamp', keeper, { ...lit, body })).text)).toEqual(state)
      expect(JSON.parse((await ask('/lamp', keeper)).text)).toEqual(state)
    }
  })

  it('refuses to switch without the scope for it, and says which that is', async () => {
    const visitor = await token('visitor', 'lamp:read')
    expect((await ask('/lamp', visitor)).status).toBe(200)
    const { status, headers } = await ask('/lamp', visitor, lit)
    expect([status, headers['www-authenticate']]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="lamp:write"',
    ])
  })

  it.each<[string, number, () => Promise<string>]>([
    ['made for another API', 401, () => token('keeper', 'lamp:read', 'http://other.example/')],
    ['without the scope that all must have', 403, () => token('keeper', 'lamp:write')],
    ['whose payload was changed', 401, async () => changed(await token('visitor', 'lamp:read'))],
    ['that is none', 401, () => Promise.resolve('abc.def.ghi')],
  ])('refuses a token %s: %d', async (_what, status, make) => {
    const answer = await ask('/lamp', await make())
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'www-authenticate': expect.any(String),
    })
  })

  it('is open where it says so', async () => {
    expect((await ask('/health')).text).toBe('ok\n')
  })
})

/** The same signature under other words. */
function changed(jwt: string): string {
  const [head, payload = '', signature] = jwt.split('.')
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), scope: 'lamp:read lamp:write' }
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}
