import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { harbourSite } from '@outerware/recipes/any-language/app'
import { startGunicorn, type Gunicorn } from '@outerware/recipes/any-language/gunicorn'
import { tryoutProvider } from '@outerware/recipes/any-language/provider'
import { describeWith } from '../support/index.ts'
import { later } from './start.ts'
import { navigation, Visitor } from './visitor.ts'

const programs = [
  { command: 'gunicorn', package: 'gunicorn' },
  // Debian's Python, which may not be the first on the PATH.
  { command: '/usr/bin/python3', package: 'python3-django', proof: ['-c', 'import django'] },
]

describeWith('the any-language recipe, with Django under gunicorn', programs, () => {
  let url: string
  let issuer: string
  let gunicorn: Gunicorn | undefined

  beforeAll(async () => {
    const [office, site] = [await later(), await later()]
    url = `http://localhost:${site.running.port}`
    issuer = `http://127.0.0.1:${office.running.port}`
    const client = { id: 'harbour', secret: 'of the client, and only for tests', baseURL: url }
    office.use(await tryoutProvider(issuer, client))
    gunicorn = await startGunicorn()
    const { socket } = gunicorn
    const secret = 'of the cookies, and only for these tests'
    site.use(harbourSite({ socket, baseURL: url, issuer, clientId: client.id, clientSecret: client.secret, secret }))
  })
  afterAll(() => gunicorn?.stop())

  async function come(login: string, path = '/'): Promise<{ visitor: Visitor; page: string }> {
    const visitor = new Visitor()
    const form = await visitor.go(url + path)
    expect(new URL(form.url).origin).toBe(issuer)
    const answer = await visitor.submit(form.url, { prompt: 'login', login, password: 'any' })
    expect([answer.url, answer.status]).toEqual([url + path, 200])
    return { visitor, page: answer.text }
  }

  it('asks Django nothing for who is not signed in', async () => {
    const { status, headers } = await new Visitor().ask(`${url}/`)
    expect([status, headers['x-frame-options']]).toEqual([401, 'SAMEORIGIN'])
  })

  it('makes a user of Django of whoever has signed in, and knows them again', async () => {
    const { page } = await come('mairi')
    const [, id] = /You are <b>mairi<\/b> \(mairi@skerry.example\), user (\d+) of Django/.exec(page)!
    expect((await come('tomas')).page).not.toContain(`user ${id} of`)
    expect((await come('mairi')).page).toContain(`<b>mairi</b> (mairi@skerry.example), user ${id} of Django`)
  })

  it.each(['X-Forwarded-User', 'x-forwarded-user', 'X_Forwarded_User', 'X-Forwarded_User'])(
    'believes nobody who says by %s who they are',
    async (field) => {
      const { visitor } = await come('rolf')
      expect((await visitor.ask(`${url}/`, { headers: { [field]: 'admin' } })).text).toContain('You are <b>rolf</b>')
      const open = await new Visitor().ask(`${url}/health`, { headers: { [field]: 'admin' } })
      expect([open.status, open.text]).toEqual([200, 'ok, AnonymousUser\n'])
    },
  )

  it('tells Django where a client comes from, whatever the client says of it', async () => {
    const { visitor } = await come('aila')
    const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' }
    expect((await visitor.ask(`${url}/`, { headers })).text).toContain('of Django, from 127.0.0.1.')
  })

  it('would be believed on the socket itself: that is why nobody else may write to it', async () => {
    const socket = connect(gunicorn!.socket)
    socket.end('GET /health HTTP/1.0\r\nHost: localhost\r\nX-Forwarded-User: admin\r\n\r\n')
    expect(await text(socket)).toContain('ok, admin')
  })

  it('takes forms with the protection that Django has, and none of another site', async () => {
    const { visitor, page } = await come('ingrid')
    const [, token = ''] = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page)!
    const form = { csrfmiddlewaretoken: token, boat: 'Guillemot & Søn' }
    const moored = await visitor.submit(`${url}/berths`, form)
    expect([moored.status, moored.url]).toEqual([200, `${url}/`])
    expect(moored.text).toContain('Guillemot &amp; Søn of ingrid')

    const { boat } = form
    expect((await visitor.submit(`${url}/berths`, { boat })).status).toBe(403)
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' }
    const body = String(new URLSearchParams(form))
    // Cookies and token would do for Django.
    expect((await visitor.ask(`${url}/berths`, { method: 'POST', headers, body })).status).toBe(403)
  })

  it('ends with the session: Django knows nobody then', async () => {
    const { visitor } = await come('una')
    expect((await visitor.ask(`${url}/health`)).text).toBe('ok, una\n')
    await visitor.ask(`${url}/auth/logout`, { headers: navigation })
    expect((await visitor.ask(`${url}/health`)).text).toBe('ok, AnonymousUser\n')
    expect((await visitor.ask(`${url}/`)).status).toBe(401)
  })

  it('says so when the site is gone', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation(() => {})
    await gunicorn!.stop()
    expect((await new Visitor().ask(`${url}/health`)).status).toBe(502)
    expect(error).toHaveBeenCalledTimes(1)
    expect((await new Visitor().ask(`${url}/`)).status).toBe(401)
  })

  it('brings the same provider as forward-auth', () => {
    const [one, other] = ['any-language', 'forward-auth'].map((name) =>
      readFileSync(join(import.meta.dirname, '../../recipes', name, 'provider.ts'), 'utf8'),
    )
    expect(one).toBe(other)
  })
})
