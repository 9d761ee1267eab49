import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib'
import { startExpressSite, type RunningSite } from './express-site.ts'
import { navigation, Visitor, type Answer } from './visitor.ts'

let site: RunningSite
let stranger: Visitor
let keeper: Visitor

beforeAll(async () => {
  site = await startExpressSite()
  stranger = new Visitor()
  keeper = new Visitor()
  await keeper.signIn(`${site.url}/me`, 'tomas@skerry.example')
})
afterAll(() => site.stop())

const at = (path: string): string => site.url + path

describe('what is public', () => {
  it.each(['/', '/tides', '/api/tides', '/favicon.svg', '/robots.txt'])('serves %s to anybody', async (path) => {
    expect((await stranger.ask(at(path))).status).toBe(200)
  })

  it('shows who is signed in on public pages, too', async () => {
    expect((await keeper.ask(at('/'))).text).toContain('Tómas Ó Briain')
    expect((await stranger.ask(at('/'))).text).not.toContain('Tómas Ó Briain</a>')
  })
})

describe('the gate', () => {
  const gated = [
    '/log',
    '/watch',
    '/watch/events',
    '/sketches',
    '/me',
    '/orders',
    '/api/log',
    '/api/me',
    '/fault',
    '/nope',
  ]

  it.each(gated)('sends a navigation to %s to the provider', async (path) => {
    const answer = await stranger.ask(at(path), { headers: navigation })
    expect([302, 303]).toContain(answer.status)
    const asked = new URL(answer.headers.location ?? '', site.url)
    expect(asked.origin).toBe(site.issuer)
    expect(asked.searchParams.get('code_challenge_method')).toBe('S256')
    expect(asked.searchParams.get('redirect_uri')).toBe(at('/auth/callback'))
  })

  it.each(gated)('answers 401 to what is no navigation: %s', async (path) => {
    expect((await stranger.ask(at(path))).status).toBe(401)
  })

  it.each(['/log', '/api/log', '/sketches'])(
    'answers 401 to a POST to %s, which a redirect would lose',
    async (path) => {
      expect((await stranger.ask(at(path), { method: 'POST', headers: navigation, body: 'text=lost' })).status).toBe(
        401,
      )
    },
  )

  it('leads back to the page that was asked for', async () => {
    const page = await new Visitor().signIn(at('/sketches'), 'ingrid@skerry.example')
    expect([page.url, page.status]).toEqual([at('/sketches'), 200])
    expect(page.text).toContain('Ingrid Solheim')
  })

  it('lets in keepers only, whomever the provider knows', async () => {
    const visitor = new Visitor()
    expect((await visitor.signIn(at('/log'), 'rafe@ketch-hollin.example')).status).toBe(403)
    expect((await visitor.ask(at('/api/log'))).status).toBe(401)
  })

  it('lets nobody in who cancels', async () => {
    const visitor = new Visitor()
    const form = await visitor.go(at('/log'))
    expect((await visitor.submit(form.url, { cancel: 'yes' })).status).toBe(403)
    expect((await visitor.ask(at('/api/log'))).status).toBe(401)
  })

  it('signs out, here and at the provider', async () => {
    const visitor = new Visitor()
    await visitor.signIn(at('/me'), 'mairi@skerry.example')
    const question = await visitor.submit(at('/auth/logout?returnTo=/'), {})
    expect(new URL(question.url).origin).toBe(site.issuer)
    const xsrf = /name="xsrf" value="(\w+)"/.exec(question.text)?.[1] ?? ''
    const home = await visitor.submit(`${site.issuer}/session/end/confirm`, { xsrf, logout: 'yes' })
    expect([home.url, home.status]).toEqual([at('/'), 200])
    expect((await visitor.ask(at('/api/me'))).status).toBe(401)
    expect((await visitor.go(at('/me'))).url).toContain(`${site.issuer}/sign-in/`)
  })
})

describe('the app inside', () => {
  it('finds who is signed in on req.auth', async () => {
    expect(JSON.parse((await keeper.ask(at('/api/me'))).text)).toMatchObject({
      name: 'Tómas Ó Briain',
      email: 'tomas@skerry.example',
    })
  })

  it('takes a form, and refuses an empty one with its page', async () => {
    const page = await keeper.submit(at('/log'), { kind: 'Wildlife', text: 'A <minke> whale & calf' })
    expect([page.url.split('#')[0], page.status]).toEqual([at('/log'), 200])
    expect(page.text).toContain('A &lt;minke&gt; whale &amp; calf')
    const again = await keeper.submit(at('/log'), { kind: 'Wildlife', text: ' ' })
    expect(again.status).toBe(422)
    expect(again.text).toContain('Write a line or two')
  })

  it('takes JSON', async () => {
    const headers = { 'content-type': 'application/json' }
    const entry = { kind: 'Weather', text: 'Backing north' }
    const answer = await keeper.ask(at('/api/log'), { method: 'POST', headers, body: JSON.stringify(entry) })
    expect(answer.status).toBe(201)
    expect(JSON.parse(answer.text)).toMatchObject({ ...entry, author: 'Tómas Ó Briain' })
  })

  it('takes a picture, byte for byte', async () => {
    const picture = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100_000, 7)])
    expect((await upload(picture)).headers.location).toBe('/sketches')
    const [, src = ''] = /src="(\/sketches\/\w+\.png)"/.exec((await keeper.ask(at('/sketches'))).text) ?? []
    const answer = await keeper.ask(at(src))
    expect(answer.headers['content-type']).toBe('image/png')
    expect(answer.bytes.equals(picture)).toBe(true)
  })

  it.each([
    ['of another type', 422, Buffer.from('<svg onload="alert(1)"/>')],
    ['above 2 MB', 413, Buffer.alloc(2_200_000)],
  ])('refuses a picture %s', async (_kind, status, bytes) => {
    expect((await upload(bytes)).status).toBe(status)
  })

  it.each([
    ['is cut off', 'multipart/form-data; boundary=cut', '--cut\r\ngarbage'],
    ['has no boundary', 'multipart/form-data', '--cut\r\n'],
    [
      'has a file that nobody asked for',
      'multipart/form-data; boundary=cut',
      '--cut\r\ncontent-disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--cut--\r\n',
    ],
  ])('refuses an upload that %s, 400', async (_kind, type, body) => {
    const answer = await keeper.ask(at('/sketches'), { method: 'POST', headers: { 'content-type': type }, body })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('did not arrive whole')
  })

  it('sends parts of a file', async () => {
    const answer = await keeper.ask(at('/orders'), { headers: { range: 'bytes=0-10' } })
    expect([answer.status, answer.text]).toEqual([206, 'SKERRY LIGH'])
  })
})

describe('headers', () => {
  const cases: readonly (readonly [what: string, status: number, ask: () => Promise<Answer>])[] = [
    ['a page', 200, () => stranger.ask(at('/'))],
    ['JSON', 200, () => stranger.ask(at('/api/tides'))],
    ['a static file', 200, () => stranger.ask(at('/favicon.svg'))],
    ['a hashed asset', 200, async () => stranger.ask(at(await assetOf('css')))],
    ['a HEAD', 200, () => stranger.ask(at('/'), { method: 'HEAD' })],
    ['the 401 of the gate', 401, () => stranger.ask(at('/log'))],
    ['the redirect of the gate', 303, () => stranger.ask(at('/log'), { headers: navigation })],
    ['a callback that nobody asked for', 400, () => stranger.ask(at('/auth/callback?code=x&state=y'))],
    ["Express's own 404", 404, () => keeper.ask(at('/nope'))],
    ["Express's own 500", 500, () => keeper.ask(at('/fault'))],
    ["Express's own 400", 400, () => keeper.ask(at('/sketches/%E0%A4'))],
    ['a part of a file', 206, () => keeper.ask(at('/orders'), { headers: { range: 'bytes=0-1' } })],
    ['a file that has not changed', 304, () => unchanged('/orders')],
    ['a page of the provider', 200, () => stranger.ask(`${site.issuer}/`)],
    ["the provider's own error", 404, () => stranger.ask(`${site.issuer}/nope`)],
  ]

  it.each(cases)('of security are on %s', async (_what, status, ask) => {
    const { headers, ...answer } = await quietly(ask)
    expect(answer.status).toBe(status)
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': expect.stringMatching(/^(?:DENY|SAMEORIGIN)$/),
    })
    // The policy of a page that the browser has kept is the one with its own nonce.
    const policy = status === 304 ? undefined : expect.stringContaining("default-src 'none'")
    expect(headers['content-security-policy']).toEqual(policy)
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/)
  })

  it('allow no inline script and no inline style, and the pages have none', async () => {
    const { headers, text } = await keeper.ask(at('/watch'))
    const policy = String(headers['content-security-policy'])
    const nonce = /script-src 'nonce-([^']{24})' 'strict-dynamic'/.exec(policy)?.[1]
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(`${policy};`).toMatch(new RegExp(`form-action 'self' ${site.issuer};`))
    expect(text.match(/<script\b[^>]*>/g)).toEqual([expect.stringContaining(` nonce="${nonce}" src="/assets/`)])
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/)
  })
})

describe('compression', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('codes pages as %s', async (coding, decode) => {
    const plain = await stranger.ask(at('/tides'))
    const coded = await stranger.ask(at('/tides'), { headers: { 'accept-encoding': coding } })
    expect(coded.headers['content-encoding']).toBe(coding)
    expect(coded.headers.vary?.toLowerCase()).toContain('accept-encoding')
    expect(coded.bytes.length).toBeLessThan(plain.bytes.length / 2)
    expect(decode(coded.bytes).toString()).toContain('High and low water today')
  })

  it.each([
    ['as they are', 'identity', (bytes: Buffer) => bytes],
    ['coded', 'gzip', (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })],
  ] as const)('lets events through one by one, %s', async (_how, coding, decode) => {
    const ask = { headers: { 'accept-encoding': coding } }
    const { headers, bytes } = await keeper.hear(at('/watch/events'), ask, (heard) => decode(heard).includes('\n\n'))
    expect(headers['content-type']).toBe('text/event-stream')
    expect(headers['content-encoding'] ?? 'identity').toBe(coding)
    expect(decode(bytes).toString()).toMatch(/^event: reading\ndata: \{"at":".+\}\n\n$/)
  })
})

describe('assets', () => {
  it('have hashed names, which caches may keep for a year', async () => {
    const path = await assetOf('css')
    expect(path).toMatch(/^\/assets\/site\.[0-9a-f]{12}\.css$/)
    const { headers } = await stranger.ask(at(path))
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toBe('text/css; charset=utf-8')
  })

  it('are not sent again', async () => {
    const path = await assetOf('js')
    const { headers } = await stranger.ask(at(path))
    const again = await stranger.ask(at(path), { headers: { 'if-none-match': String(headers.etag) } })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('of another build are a 404, and not the gate', async () => {
    const answer = await stranger.ask(at('/assets/site.0a1b2c3d4e5f.css'), { headers: navigation })
    expect(answer.status).toBe(404)
  })
})

// The last one: the provider does not come back.
describe('without the provider', () => {
  let alone: RunningSite
  beforeAll(async () => {
    alone = await startExpressSite()
    await alone.provider.stop()
  })
  afterAll(() => alone.stop())

  it('answers a sign-in with a plain page, 502', async () => {
    const answer = await quietly(() => stranger.ask(`${alone.url}/log`, { headers: navigation }))
    expect(answer.status).toBe(502)
    expect(answer.headers['content-security-policy']).toBeDefined()
    expect(answer.text).not.toMatch(/ECONNREFUSED|node_modules|\.ts:\d/)
  })

  it.each(['/', '/tides', '/favicon.svg'])('goes on serving %s', async (path) => {
    expect((await stranger.ask(alone.url + path)).status).toBe(200)
  })

  it('goes on answering 401 to programs', async () => {
    expect((await stranger.ask(`${alone.url}/api/log`)).status).toBe(401)
  })
})

/** Without the reports that go to the console, and are meant to. */
async function quietly<T>(act: () => Promise<T>): Promise<T> {
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => {})
  try {
    return await act()
  } finally {
    silenced.mockRestore()
  }
}

/** The hashed path of `site.css` or `site.js`, as the pages link it. */
async function assetOf(extension: string): Promise<string> {
  const { text } = await stranger.ask(at('/'))
  return new RegExp(`/assets/site\\.\\w+\\.${extension}(?=")`).exec(text)?.[0] ?? 'not linked'
}

async function unchanged(path: string): Promise<Answer> {
  const { headers } = await keeper.ask(at(path))
  return keeper.ask(at(path), { headers: { 'if-none-match': String(headers.etag) } })
}

function upload(picture: Uint8Array): Promise<Answer> {
  const part = (head: string): string => `--cut\r\ncontent-disposition: form-data; ${head}\r\n\r\n`
  return keeper.ask(at('/sketches'), {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=cut' },
    body: Buffer.concat([
      Buffer.from(`${part('name="caption"')}The lantern\r\n${part('name="picture"; filename="l.png"')}`),
      picture,
      Buffer.from('\r\n--cut--\r\n'),
    ]),
  })
}
