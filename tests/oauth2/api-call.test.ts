import { beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { ApiInit, Auth } from '@outerware/oauth2'
import { decodeJwt } from 'jose'
import { get, listen, testContext } from '../support/index.ts'
import { browser, cookieFor, forge, gateTo, origin, startFakeProvider, startProvider, whoAmI } from './support/index.ts'
import { stopLater } from './support/stop.ts'

/** An API that remembers what it was asked, and what it is to answer next. */
interface TestApi {
  readonly url: string
  readonly asked: { method: string; authorization: string; proof: string; body: string; type: string }[]
  next: { status: number; headers?: Record<string, string> }[]
}

let api: TestApi
beforeEach(async () => {
  const asked: TestApi['asked'] = []
  const listening = await listen((req, res) => {
    let body = ''
    req.on('data', (chunk) => (body += String(chunk)))
    req.on('end', () => {
      const { authorization = '', dpop, 'content-type': type = '' } = req.headers
      asked.push({ method: req.method ?? '', authorization, proof: String(dpop ?? ''), body, type })
      const { status, headers } = api.next.shift() ?? { status: 200 }
      res.writeHead(status, headers).end('of the API')
    })
  })
  stopLater(() => listening.close())
  api = { url: `${listening.url}/orders`, asked, next: [] }
})

/** The user of a session that has a token of this kind. */
async function user(more: Record<string, unknown> = {}): Promise<Auth> {
  const { issuer } = await startFakeProvider()
  let auth: Auth | undefined
  const app: App<{ auth: Auth }> = (_request, context) => ((auth = context.auth), new Response('x'))
  const cookie = cookieFor(forge(issuer, { sid: 'one', more }))
  await gateTo({ issuer })(app)(get(`${origin}/`, { cookie }), testContext())
  return auth!
}

const challenge = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }

describe('auth.fetch()', () => {
  it('calls with the access token', async () => {
    const auth = await user()
    const init: ApiInit = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' }
    const response = await auth.fetch(api.url, init)
    expect([response.status, await response.text()]).toEqual([200, 'of the API'])
    expect(api.asked).toEqual([
      { method: 'POST', authorization: 'Bearer access', proof: '', body: '{"a":1}', type: 'application/json' },
    ])
  })

  it.each([[challenge], [{ status: 500 }], [{ status: 302, headers: { location: 'https://evil.test/' } }]])(
    'gives the answer, whatever it is: %j',
    async (answer) => {
      api.next = [answer]
      const response = await (await user()).fetch(new URL(api.url))
      expect([response.status, api.asked.length]).toEqual([answer.status, 1])
    },
  )

  it('takes the token to nobody over http', async () => {
    await expect((await user()).fetch('http://api.test/')).rejects.toMatchObject({
      message: 'an access token goes over https only, not to http://api.test',
    })
  })

  it('says that there is no token, where it has expired and cannot be refreshed', async () => {
    const auth = await user({ e: 1, l: 1 })
    await expect(auth.fetch(api.url)).rejects.toMatchObject({ code: 'ERR_GRANT_REFUSED', status: 401 })
  })

  it('of a token that is bound to a key makes a proof, and another with the nonce of the API (RFC 9449, 9)', async () => {
    const provider = await startProvider({ features: { dPoP: { enabled: true } } }, { dpop_bound_access_tokens: true })
    let auth: Auth | undefined
    const app: App<{ auth: Auth }> = (request, context) => ((auth = context.auth), whoAmI(request, context))
    await browser({ [origin]: gateTo(provider, { dpop: true })(app) }).signIn(`${origin}/`)
    const wanted = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n-1' }
    api.next = [{ status: 401, headers: wanted }]
    expect((await auth!.fetch(api.url)).status).toBe(200)
    expect(api.asked.map(({ authorization }) => authorization.split(' ')[0])).toEqual(['DPoP', 'DPoP'])
    const [first, second] = api.asked.map(({ proof }) => decodeJwt(proof))
    expect([first!['nonce'], second!['nonce'], second!['htm'], second!['htu']]).toEqual([
      undefined,
      'n-1',
      'GET',
      api.url,
    ])
  })
})
