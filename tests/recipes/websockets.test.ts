import { once } from 'node:events'
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { radioSite } from '@outerware/recipes/websockets-behind-login/app'
import { tryoutProvider } from '@outerware/recipes/websockets-behind-login/provider'
import { WebSocket, type RawData } from 'ws'
import { later } from './start.ts'
import { navigation, Visitor } from './visitor.ts'

let url: string
let issuer: string
beforeAll(async () => {
  const [office, site] = [await later(), await later()]
  url = `http://localhost:${site.running.port}`
  issuer = `http://127.0.0.1:${office.running.port}`
  const client = { id: 'radio', secret: 'of the client, and only for tests', baseURL: url }
  office.use(await tryoutProvider(issuer, client))
  const secret = 'of the cookies, and only for these tests'
  site.use(radioSite({ baseURL: url, issuer, clientId: client.id, clientSecret: client.secret, secret }))
})

const open: WebSocket[] = []
afterEach(() => open.splice(0).forEach((socket) => socket.terminate()))

/** Somebody who is signed in. */
async function keeper(name: string): Promise<Visitor> {
  const visitor = new Visitor()
  const form = await visitor.go(`${url}/`)
  expect(new URL(form.url).origin).toBe(issuer)
  const page = await visitor.submit(form.url, { prompt: 'login', login: name, password: 'any' })
  expect([page.url, page.status]).toEqual([`${url}/`, 200])
  return visitor
}

/** A radio, with what it has heard. */
function radio(cookie: string, origin = url) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channel/16`, { headers: { cookie, origin } })
  open.push(socket)
  socket.on('error', () => {})
  const heard: string[] = []
  const waiting: (() => void)[] = []
  socket.on('message', (words: RawData) => {
    heard.push(String(words))
    for (const go of waiting.splice(0)) go()
  })
  const until = async (line: string): Promise<void> => {
    while (!heard.includes(line)) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return { socket, until, refused: once(socket, 'unexpected-response').then(([, answer]) => answer) }
}

describe('the websockets-behind-login recipe', () => {
  it('sends a browser to the provider, and answers 401 to a radio of nobody', async () => {
    const page = await new Visitor().ask(`${url}/`, { headers: navigation })
    expect([page.status, new URL(page.headers.location ?? '').origin]).toEqual([303, issuer])
    const answer = await radio('').refused
    expect(answer.statusCode).toBe(401)
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN' })
  })

  it('knows who speaks, before there is a socket', async () => {
    const [mairi, tomas] = [await keeper('mairi'), await keeper('tomas')]
    const one = radio(mairi.cookiesFor(url))
    await one.until('mairi@skerry.example is listening')
    const other = radio(tomas.cookiesFor(url))
    await one.until('tomas@skerry.example is listening')
    other.socket.send('Fog from the west')
    await one.until('tomas@skerry.example: Fog from the west')
    other.socket.close()
    await one.until('tomas@skerry.example has gone')
  })

  it('refuses a socket that another site has opened with our cookies', async () => {
    const visitor = await keeper('ingrid')
    const answer = await radio(visitor.cookiesFor(url), 'https://evil.example').refused
    expect(answer.statusCode).toBe(403)
  })

  it('hangs up when the session ends: 1008', async () => {
    const visitor = await keeper('rafe')
    const { socket, until } = radio(visitor.cookiesFor(url))
    await until('rafe@skerry.example is listening')
    const closed = once(socket, 'close')
    await visitor.ask(`${url}/auth/logout`, { headers: navigation })
    const [code] = await closed
    expect(code).toBe(1008)
    expect((await visitor.ask(`${url}/channel/16`)).status).toBe(401)
  })

  it('tells what asks without an upgrade that there must be one: 426', async () => {
    const visitor = await keeper('mairi')
    const { status, headers } = await visitor.ask(`${url}/channel/16`)
    expect([status, headers.upgrade]).toEqual([426, 'websocket'])
  })

  it('serves the page its script, to anybody', async () => {
    const { status, headers } = await new Visitor().ask(`${url}/radio.js`)
    expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
  })
})
