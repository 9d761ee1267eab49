import { beforeAll, describe, expect, it } from '@jest/globals'
import { dockSite } from '@outerware/recipes/github-login/app'
import { tryoutHub } from '@outerware/recipes/github-login/tryout-hub'

import { later, start } from './start.ts'
import { navigation, Visitor, type Answer } from './visitor.ts'

let url: string
let hub: string
beforeAll(async () => {
  const client = { id: 'dock', secret: 'of the client, and only for tests' }
  const [asked, site] = [await start(tryoutHub(client)), await later()]
  url = `http://localhost:${site.running.port}`
  hub = `http://127.0.0.1:${asked.running.port}`
  const secret = 'of the cookies, and only for these tests'
  const options = { baseURL: url, clientId: client.id, clientSecret: client.secret, secret, hub }
  site.use(dockSite({ ...options, groups: ['skerry'] }))
})

/** Goes to the plans, chooses who to be, and comes back. */
async function come(login: string, visitor = new Visitor()): Promise<Answer> {
  const question = await visitor.go(`${url}/plans`)
  expect(new URL(question.url).origin).toBe(hub)
  return visitor.go(`${question.url}&as=${login}`)
}

describe('the github-login recipe', () => {
  it('has a page for anybody, and sends browsers to GitHub for the others', async () => {
    expect((await new Visitor().ask(`${url}/`)).text).toContain('<a href="/plans">')
    const { status, headers } = await new Visitor().ask(`${url}/plans`, { headers: navigation })
    const asked = new URL(headers.location ?? '')
    expect([status, asked.origin + asked.pathname]).toEqual([303, `${hub}/login/oauth/authorize`])
    expect(asked.searchParams.get('scope')).toBe('read:user user:email read:org')
    expect((await new Visitor().ask(`${url}/plans`)).status).toBe(401)
  })

  it('lets in who belongs to the organization, and knows what the API has said', async () => {
    const { url: at, status, text } = await come('mairi')
    expect([at, status]).toEqual([`${url}/plans`, 200])
    expect(text).toContain('<b>mairi</b>, mairi@skerry.example, of skerry, skerry/keepers.')
  })

  it('lets in nobody else: 403, and no session', async () => {
    const visitor = new Visitor()
    expect((await come('rafe', visitor)).status).toBe(403)
    expect((await visitor.ask(`${url}/plans`)).status).toBe(401)
  })

  it('shows on the public page who is signed in, and forgets it on the way out', async () => {
    const visitor = new Visitor()
    await come('tomas', visitor)
    expect((await visitor.ask(`${url}/`)).text).toContain('<b>tomas</b>')
    await visitor.ask(`${url}/auth/logout`, { headers: navigation })
    expect((await visitor.ask(`${url}/`)).text).not.toContain('tomas')
  })

  it('takes no code that was asked for by somebody else', async () => {
    const [one, other] = [new Visitor(), new Visitor()]
    const question = await one.go(`${url}/plans`)
    const back = await one.ask(`${question.url}&as=mairi`)
    await other.go(`${url}/plans`)
    expect((await other.ask(back.headers.location!)).status).toBe(400)
  })
})
