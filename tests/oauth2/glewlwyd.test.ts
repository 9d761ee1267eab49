import { expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { OAuthError } from '@outerware/oauth2'
import { overProgram } from '../support/index.ts'
import { browser, clock, gateTo, origin, whoAmI, type Browser } from './support/index.ts'
import { startGlewlwyd, type Glewlwyd } from './support/glewlwyd.ts'

const program = { command: 'glewlwyd', package: 'glewlwyd' }

// What one provider takes another may not: so the whole way is gone with a second one.
overProgram('at Glewlwyd, a second provider', program, startGlewlwyd, (glewlwyd) => {
  const errors: OAuthError[] = []
  const refreshed: unknown[] = []
  const site = (provider: Glewlwyd): App =>
    gateTo(provider, {
      on: { error: (error) => void errors.push(error), refresh: ({ auth }) => void refreshed.push(auth?.sub) },
    })(whoAmI)
  let ann: Browser
  let sub: unknown

  // It never says the name that the scope promises, so each login asks UserInfo too, whose user must be the same.
  it('a page leads through login, and the user is known', async () => {
    ann = browser({ [origin]: site(glewlwyd()) })
    const page = await glewlwyd().signIn(ann, `${origin}/page?x=1`)
    expect([page.url, page.status]).toEqual([`${origin}/page?x=1`, 200])
    const said = JSON.parse(page.text)
    expect(said).toMatchObject({ path: '/page?x=1', sub: expect.any(String), email: 'ann@example.com' })
    sub = said.sub
    expect(errors).toEqual([])
  })

  it('the second login at the same provider asks nobody anything', async () => {
    const other = browser({ [origin]: site(glewlwyd()) })
    for (const [name, cookies] of ann.jar) if (name !== origin) other.jar.set(name, new Map(cookies))
    const page = await other.open(`${origin}/`, { stopAt: (next) => new URL(next).pathname.endsWith('/login.html') })
    expect(new URL(page.url).pathname).toBe('/login.html')
    const { searchParams } = new URL(page.url)
    expect((await other.open(`${searchParams.get('callback_url')}&g_continue`)).status).toBe(200)
  })

  it('tokens are refreshed, and rotate', async () => {
    const tokenOf = async (): Promise<unknown> => JSON.parse((await ann.open(`${origin}/`)).text).accessToken
    const before = await tokenOf()
    const time = clock()
    for (const seconds of [590, 590]) {
      time.forward(seconds)
      expect(JSON.parse((await ann.open(`${origin}/`)).text)).toMatchObject({ sub })
    }
    const after = await tokenOf()
    time.restore()
    expect([refreshed, after === before]).toEqual([[sub, sub], false])
    expect(errors).toEqual([])
  })

  it('signing out goes there and back', async () => {
    const page = await glewlwyd().signOut(ann, `${origin}/auth/logout`)
    expect(page.text).toContain('You are signed out')
    expect((await ann.fetch(`${origin}/`)).status).toBe(303)
    expect(ann.cookieHeader(origin)).not.toContain('__Host-oidc=')
    // Its refresh token was revoked on the way.
    expect(errors).toEqual([])
  })
})
