import { describe, expect, it } from '@jest/globals'
import {
  auth0,
  entra,
  generic,
  github,
  gitlab,
  google,
  keycloak,
  oauth2,
  oidc,
  type OidcProvider,
  type OidcOptions,
} from '@outerware/oauth2'
import {
  browser,
  clientId,
  clientSecret,
  origin,
  secret,
  startFakeProvider,
  whoAmI,
  type FakeProvider,
  type Page,
  type Browser,
} from './support/index.ts'

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490'
const host = 'https://login.microsoftonline.com'

describe('the issuer of a preset, as its metadata say', () => {
  it.each<[string, OidcProvider, string]>([
    ['google', google(), 'https://accounts.google.com'],
    ['entra, one tenant', entra({ tenant }), `${host}/${tenant}/v2.0`],
    ['entra, personal accounts', entra({ tenant: 'consumers' }), `${host}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`],
    ['entra, many tenants', entra({ tenant: 'organizations' }), `${host}/{tenantid}/v2.0`],
    ['auth0, with a slash', auth0({ domain: 'a.eu.auth0.com' }), 'https://a.eu.auth0.com/'],
    ['keycloak', keycloak({ url: 'https://id.test/', realm: 'my staff' }), 'https://id.test/realms/my%20staff'],
    ['keycloak before 17', keycloak({ url: 'https://id.test/auth', realm: 'a' }), 'https://id.test/auth/realms/a'],
    ['gitlab', gitlab(), 'https://gitlab.com'],
    ['gitlab of one’s own', gitlab({ url: 'https://git.test/' }), 'https://git.test'],
  ])('%s', (_name, { issuer }, expected) => {
    expect(issuer).toBe(expected)
  })
})

it('the API of GitHub is elsewhere for an Enterprise Server', async () => {
  const urls: string[] = []
  const api = { get: (url: string) => (urls.push(url), Promise.resolve({ id: 1 })) }
  await github().profile(api, '')
  await github({ url: 'https://hub.test' }).profile(api, '')
  expect(urls).toEqual(['https://api.github.com/user', 'https://hub.test/api/v3/user'])
})

describe('a wrong option of a preset is refused', () => {
  it.each<[() => unknown, string]>([
    [() => google({ hostedDomain: 'https://a.test' }), 'google.hostedDomain must be a domain, got "https://a.test"'],
    [
      () => google({ hd: 'a.test' } as never),
      'google.hd must be left out: there is no such option, but hostedDomain, offline, got a string of 6 characters',
    ],
    [
      () => entra({ tenant: 'contoso.com' }),
      "entra.tenant must be the id of a tenant, in lower case, or 'organizations', 'consumers' or 'common', got \"contoso.com\"",
    ],
    [() => entra(undefined as never), 'entra must be called with an object, got undefined'],
    [
      () => auth0({ domain: 'https://a.auth0.com' }),
      'auth0.domain must be a domain, such as example.eu.auth0.com, got "https://a.auth0.com"',
    ],
    [
      () => auth0({ domain: 'a.auth0.com', organization: 'acme' }),
      'auth0.organization must be an id, such as org_a1b2, got "acme"',
    ],
    [() => keycloak({ url: 'https://id.test', realm: 'a/b' }), 'keycloak.realm must be the name of a realm, got "a/b"'],
    [
      () => keycloak({ url: 'http://id.test', realm: 'a' }),
      'keycloak.url must be an https:// URL, got "http://id.test/"',
    ],
    [
      () => gitlab({ url: 'git.test' }),
      'gitlab.url must be an https:// URL without user, query or fragment, got "git.test"',
    ],
    [
      () => github({ url: 'https://a@hub.test' }),
      'github.url must be an https:// URL without user, query or fragment, got "https://a@hub.test"',
    ],
    [
      () => generic({ ...plain, tokenURL: '/token' }),
      'generic.tokenURL must be an https:// URL without user or fragment, got "/token"',
    ],
    [
      () => generic({ ...plain, tokenURL: 'http://op.test' }),
      'generic.tokenURL must be an https:// URL, got "http://op.test/"',
    ],
    [() => generic({ ...plain, scope: '' }), 'generic.scope must be a list, separated by spaces, got ""'],
    [
      () => generic({ ...plain, claims: { email: 'mail' } }),
      'generic.claims must be a function, or an object with the member that is sub, got {"email":"mail"}',
    ],
  ])('%#', (make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', message }))
  })
})

const plain = {
  authorizationURL: 'https://op.test/authorize',
  tokenURL: 'https://op.test/token',
  userInfoURL: 'https://op.test/me',
  scope: 'profile',
}

/** A browser at a site behind a preset whose provider is a fake one. */
const at = (fake: FakeProvider, provider: OidcProvider, options: Partial<OidcOptions<readonly []>> = {}): Browser => {
  const needed = {
    clientId,
    clientSecret,
    baseURL: origin,
    secret,
    allowInsecureRequests: true,
    on: { error: () => {} },
  }
  return browser({
    [origin]: oidc({ ...needed, provider: { ...provider, scope: 'openid', ...here(fake, provider) }, ...options })(
      whoAmI,
    ),
  })
}

/** The preset, at an address on this machine. */
const here = (
  fake: FakeProvider,
  { issuer, address, issuerOf }: OidcProvider,
): Partial<OidcProvider> & { issuer: string } => {
  if (issuerOf === undefined || address === undefined) return { issuer: fake.issuer }
  const local = (url: string): string => url.replace(host, fake.issuer)
  return { issuer: local(issuer), address: fake.issuer, issuerOf: (claims) => local(issuerOf(claims)) }
}

/** Signs in, with an ID token that says this. */
async function login(
  ann: Browser,
  fake: FakeProvider,
  claims: Record<string, unknown>,
): Promise<{ asked: URLSearchParams; page: Page }> {
  const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
  const asked = new URL(url).searchParams
  fake.token = async () => ({
    body: {
      access_token: 'access',
      token_type: 'Bearer',
      id_token: await fake.idToken({ nonce: asked.get('nonce'), ...claims }),
    },
  })
  return {
    asked,
    page: await ann.open(`${origin}/auth/callback?${new URLSearchParams({ code: 'c', state: asked.get('state')! })}`),
  }
}

describe('google()', () => {
  it('asks for a refresh token in its own way', async () => {
    const fake = await startFakeProvider()
    const { asked } = await login(at(fake, google({ offline: true })), fake, {})
    expect([asked.get('access_type'), asked.get('prompt')]).toEqual(['offline', 'consent'])
    expect(asked.get('scope')).not.toContain('offline_access')
  })

  it.each<[string | string[], string, unknown, number]>([
    ['example.com', 'example.com', 'example.com', 200],
    ['example.com', 'example.com', 'evil.test', 403],
    ['example.com', 'example.com', undefined, 403],
    [['example.com', 'example.org'], '*', 'example.org', 200],
    ['*', '*', 'any.test', 200],
    ['*', '*', undefined, 403],
  ])(
    'with the domain %j tells it, and checks the claim: the parameter alone is a hint',
    async (hostedDomain, hd, claim, status) => {
      const fake = await startFakeProvider()
      // What the options say comes on top, and does not take the place of it.
      const ann = at(fake, google({ hostedDomain }), { allow: { claims: { sub: 'ann' } } })
      const { asked, page } = await login(ann, fake, { hd: claim })
      expect([asked.get('hd'), page.status]).toEqual([hd, status])
    },
  )
})

it('what a preset wants of a claim and what allow wants of it must both hold', async () => {
  for (const [hd, status] of [
    ['example.com', 200],
    ['example.org', 403],
    ['evil.test', 403],
  ] as const) {
    const fake = await startFakeProvider()
    const allow = { claims: { hd: ['example.com', 'evil.test'] } }
    const ann = at(fake, google({ hostedDomain: ['example.com', 'example.org'] }), { allow })
    expect([hd, (await login(ann, fake, { hd })).page.status]).toEqual([hd, status])
  }
})

describe('entra() of many tenants', () => {
  const other = '11111111-2b34-4da1-9baa-8bc8c9d6a490'
  const many = async (
    options: Parameters<typeof entra>[0] = { tenant: 'organizations' },
    more: Partial<OidcOptions<readonly []>> = {},
  ): Promise<{ fake: FakeProvider; ann: Browser }> => {
    const fake = await startFakeProvider()
    fake.metadata = { ...fake.metadata, issuer: `${fake.issuer}/{tenantid}/v2.0` }
    return { fake, ann: at(fake, entra(options), more) }
  }

  it('takes the issuer of the tenant that the token names, and no other', async () => {
    const { fake, ann } = await many()
    const good = await login(ann, fake, { tid: tenant, iss: `${fake.issuer}/${tenant}/v2.0` })
    expect([good.page.status, JSON.parse(good.page.text).claims.tid]).toEqual([200, tenant])
    for (const wrong of [
      { tid: tenant, iss: `${fake.issuer}/${other}/v2.0` },
      { tid: tenant, iss: `${fake.issuer}/{tenantid}/v2.0` },
      { iss: `${fake.issuer}/${tenant}/v2.0` },
      { tid: '../evil', iss: `${fake.issuer}/../evil/v2.0` },
    ]) {
      const again = await many()
      expect(
        (await login(again.ann, again.fake, { ...wrong, iss: wrong.iss.replace(fake.issuer, again.fake.issuer) })).page
          .status,
      ).toBe(400)
    }
  })

  it('lets in the tenants that are named', async () => {
    const { fake, ann } = await many({ tenant: 'common', tenants: [tenant] })
    expect((await login(ann, fake, { tid: tenant, iss: `${fake.issuer}/${tenant}/v2.0` })).page.status).toBe(200)
    const stranger = await many({ tenant: 'common', tenants: [tenant] })
    expect(
      (await login(stranger.ann, stranger.fake, { tid: other, iss: `${stranger.fake.issuer}/${other}/v2.0` })).page
        .status,
    ).toBe(403)
  })

  it.each<[unknown, number]>([
    [undefined, 403],
    [false, 403],
    ['0', 403],
    [true, 200],
    ['1', 200],
    [1, 200],
  ])('believes an address only if Entra has verified it: xms_edov %j', async (edov, status) => {
    const { fake, ann } = await many({ tenant: 'organizations' }, { allow: { emails: ['boss@example.com'] } })
    const claims = {
      tid: tenant,
      iss: `${fake.issuer}/${tenant}/v2.0`,
      email: 'boss@example.com',
      email_verified: true,
      xms_edov: edov,
    }
    expect((await login(ann, fake, claims)).page.status).toBe(status)
  })

  it('of one tenant believes that tenant', async () => {
    const fake = await startFakeProvider()
    const ann = at(fake, entra({ tenant }), { allow: { emails: ['boss@example.com'] } })
    expect((await login(ann, fake, { email: 'boss@example.com' })).page.status).toBe(200)
  })
})

describe('auth0()', () => {
  it('signs out by its own address, where the metadata name none, and comes back to the page', async () => {
    const fake = await startFakeProvider()
    const ann = at(fake, auth0({ domain: 'a.eu.auth0.com' }))
    await login(ann, fake, {})
    const { url } = await ann.open(`${origin}/auth/logout?returnTo=/bye`, {
      stopAt: (next) => next.startsWith('https://a.eu'),
    })
    const { origin: op, pathname, searchParams } = new URL(url)
    expect([op + pathname, searchParams.get('client_id')]).toEqual(['https://a.eu.auth0.com/v2/logout', clientId])
    const back = await ann.fetch(searchParams.get('returnTo')!)
    expect([back.status, back.headers.get('location')]).toEqual([303, `${origin}/bye`])
  })

  it('signs out as the metadata say, where they do', async () => {
    const fake = await startFakeProvider()
    fake.metadata = { ...fake.metadata, end_session_endpoint: `${fake.issuer}/oidc/logout` }
    const ann = at(fake, auth0({ domain: 'a.eu.auth0.com' }))
    await login(ann, fake, {})
    const { url } = await ann.open(`${origin}/auth/logout`, { stopAt: (next) => next.startsWith(fake.issuer) })
    expect(new URL(url).searchParams.get('post_logout_redirect_uri')).toBe(`${origin}/auth/logout`)
  })

  it('asks for the audience and the organization, and checks the latter', async () => {
    const fake = await startFakeProvider()
    const preset = auth0({ domain: 'a.eu.auth0.com', audience: 'https://api.test', organization: 'org_1' })
    const { asked, page } = await login(at(fake, preset), fake, { org_id: 'org_2' })
    expect([asked.get('audience'), asked.get('organization'), page.status]).toEqual(['https://api.test', 'org_1', 403])
  })
})

it('keycloak() makes roles of the realm a claim that allow can ask for', async () => {
  const fake = await startFakeProvider()
  const ann = at(fake, keycloak({ url: 'https://id.test', realm: 'a' }), { allow: { claims: { roles: 'admin' } } })
  expect((await login(ann, fake, { realm_access: { roles: ['user', 'admin'] } })).page.status).toBe(200)
})

it('gitlab() brings groups from UserInfo, where allow asks for them', async () => {
  const fake = await startFakeProvider()
  fake.metadata = { ...fake.metadata, userinfo_endpoint: `${fake.issuer}/userinfo` }
  fake.userInfo = () => ({ body: { sub: 'ann', groups: ['staff', 'staff/web'] } })
  const ann = at(fake, gitlab(), { allow: { groups: ['staff/web'] } })
  expect((await login(ann, fake, {})).page.status).toBe(200)
})

describe('generic()', () => {
  const site = async (
    claims: Parameters<typeof generic>[0]['claims'],
    profile: unknown,
    answer: Record<string, unknown> = {},
    { issuer: name, iss }: { issuer?: string; iss?: string } = {},
  ): Promise<Page> => {
    const fake = await startFakeProvider()
    fake.userInfo = () => ({ body: profile })
    const { issuer } = fake
    const provider = generic({
      authorizationURL: `${issuer}/authorize?tenant=1`,
      tokenURL: `${issuer}/token`,
      userInfoURL: `${issuer}/userinfo?fields=all`,
      scope: 'profile',
      ...(claims !== undefined && { claims }),
      ...(name !== undefined && { issuer: name }),
    })
    const ann = browser({
      [origin]: oauth2({
        provider,
        clientId,
        clientSecret,
        baseURL: origin,
        secret,
        allowInsecureRequests: true,
        on: { error: () => {} },
      })(whoAmI),
    })
    const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(issuer) })
    const { searchParams } = new URL(url)
    expect(searchParams.get('tenant')).toBe('1')
    fake.token = async () => ({ body: { access_token: 'access', ...answer } })
    const back = { code: 'c', state: searchParams.get('state')!, ...(iss !== undefined && { iss }) }
    return ann.open(`${origin}/auth/callback?${new URLSearchParams(back)}`)
  }

  it.each([
    [undefined, 'https://op.test/realms/a', 200],
    ['https://op.test/realms/a', 'https://op.test/realms/a', 200],
    ['https://op.test/realms/a', 'https://op.test/realms/b', 400],
  ])('with the issuer %s takes iss=%s with %d (RFC 9207)', async (issuer, iss, status) => {
    const names = issuer === undefined ? { iss } : { iss, issuer }
    expect((await site(undefined, { sub: 'ann' }, {}, names)).status).toBe(status)
  })

  it('leaves alone an ID token, whose issuer and keys nobody has named', async () => {
    expect((await site(undefined, { sub: 'ann' }, { token_type: 'Bearer', id_token: 'a.b.c' })).status).toBe(200)
  })

  it('reads the profile by the names of its members, also from one that names no type of token', async () => {
    const page = await site(
      { sub: 'id', email: 'contact.mail', name: 'missing' },
      { id: 7, contact: { mail: 'ann@example.com' } },
    )
    expect(JSON.parse(page.text)).toMatchObject({ sub: '7', email: 'ann@example.com', claims: { sub: '7' } })
  })

  it('reads it by a function', async () => {
    const page = await site(({ uid }) => ({ sub: `user-${String(uid)}` }), { uid: 'ann' }, { token_type: 'Bearer' })
    expect(JSON.parse(page.text)).toMatchObject({ sub: 'user-ann' })
  })

  it('takes sub, email and name where nothing is said', async () => {
    expect(JSON.parse((await site(undefined, { sub: 'ann', name: 'Ann', secret: 'x' })).text).claims).toEqual({
      sub: 'ann',
      name: 'Ann',
    })
  })

  it.each([[{}], [{ sub: null }], [{ sub: {} }], [[]], [null]])(
    'makes no session of a profile without sub: %j',
    async (profile) => {
      expect((await site(undefined, profile)).status).toBe(400)
    },
  )

  it('says that the provider has failed where the profile is no JSON', async () => {
    expect((await site(undefined, '<html>')).status).toBe(502)
  })

  it('makes none of a type of token that it does not know', async () => {
    expect((await site(undefined, { sub: 'ann' }, { token_type: 'mac' })).status).toBe(400)
  })
})
