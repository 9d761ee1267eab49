import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { respond, upgrade, type App, type Context } from '@outerware/core'
import { fromNode, toNode, toUpgrade } from '@outerware/core/node'
import { authOf, memoryStore, type Auth, type OidcOptions, type SessionStore } from '@outerware/oauth2'
import express from 'express'
import { WebSocket, WebSocketServer } from 'ws'
import { get, listen, testContext, type Listening } from '../support/index.ts'
import {
  browser,
  callBack,
  forge,
  gateTo,
  logoutToken,
  origin,
  signInAs,
  startFakeProvider,
  startProvider,
  whoAmI,
  type Browser,
  type FakeProvider,
} from './support/index.ts'

const sockets = new WebSocketServer({ noServer: true })
afterAll(() => {
  for (const client of sockets.clients) client.terminate()
})

/** A chat that says who is there, and echoes; a feed; both in the ways of Fetch and of Express. */
const chat: App<{ auth: Auth }> = (request, context) => {
  if (context.upgrade === undefined) return feed(request, context)
  return upgrade((req, socket, head) =>
    sockets.handleUpgrade(req, socket, head, (client) => {
      client.send(`hello ${context.auth.sub}`)
      client.on('message', (data) => client.send(`echo ${String(data)}`))
    }),
  )
}
let cancelled = 0
const feed: App<{ auth: Auth }> = (request, { auth }) => {
  if (!request.url.includes('/feed')) return Response.json({ sub: auth.sub })
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(`data: hello ${auth.sub}\n\n`)),
    cancel: () => void (cancelled += 1),
  })
  return respond(body, { headers: { 'content-type': 'text/event-stream' } })
}
const app = express()
app.get('/feed', (req, res) => {
  res.type('text/event-stream').write(`data: hello ${authOf(req)?.sub}\n\n`)
  res.on('close', () => (cancelled += 1))
})
app.get('/', (req, res) => void res.json({ sub: authOf(req)?.sub }))

interface Running {
  readonly site: Listening
  signIn(user?: string): Promise<Browser>
}

/** A real site in front of a real provider. */
async function start(inner: App<{ auth: Auth }>, options: Partial<OidcOptions<readonly []>> = {}): Promise<Running> {
  const server = createServer()
  const site = await listen(server)
  const provider = await startProvider({}, { redirect_uris: [`${site.url}/auth/callback`], application_type: 'native' })
  const whole = gateTo(provider, { baseURL: site.url, idpLogout: false, ...options })(inner)
  server.on('request', toNode(whole)).on('upgrade', toUpgrade(whole))
  return {
    site,
    async signIn(user = 'ann') {
      const who = browser({})
      await who.signIn(`${site.url}/`, user)
      return who
    },
  }
}

/** Opens a WebSocket and waits for its first message. */
async function connect({ site }: Running, who: Browser): Promise<{ socket: WebSocket; hello: string }> {
  const socket = new WebSocket(site.url.replace('http', 'ws'), { headers: { cookie: who.cookieHeader(site.url) } })
  const [data] = await once(socket, 'message')
  return { socket, hello: String(data) }
}

async function echo(socket: WebSocket, text: string): Promise<string> {
  socket.send(text)
  const [data] = await once(socket, 'message')
  return String(data)
}

describe('the WebSockets of a session', () => {
  let running: Running
  beforeAll(async () => {
    running = await start(chat)
  })
  afterAll(() => running.site.close())

  it('close when the user signs out, with 1008: policy violation', async () => {
    const ann = await running.signIn()
    const [one, two] = [await connect(running, ann), await connect(running, ann)]
    expect([one.hello, await echo(two.socket, 'x')]).toEqual(['hello ann', 'echo x'])
    const closed = Promise.all([one, two].map(({ socket }) => once(socket, 'close')))
    await ann.fetch(`${running.site.url}/auth/logout`)
    expect((await closed).map(([code]) => code)).toEqual([1008, 1008])
  })

  it('of others stay: another user, and another login of the same user', async () => {
    const [ann, other, bob] = [await running.signIn(), await running.signIn(), await running.signIn('bob')]
    const mine = await connect(running, ann)
    const theirs = [await connect(running, other), await connect(running, bob)]
    const closed = once(mine.socket, 'close')
    await ann.fetch(`${running.site.url}/auth/logout`)
    await closed
    for (const { socket } of theirs) {
      expect(await echo(socket, 'still here')).toBe('echo still here')
      socket.terminate()
    }
  })

  it('take no message any more: what a user sends after signing out is not heard', async () => {
    const ann = await running.signIn()
    const { socket } = await connect(running, ann)
    const server = [...sockets.clients].at(-1)!
    const heard: string[] = []
    server.on('message', (data) => heard.push(String(data)))
    const closed = once(socket, 'close')
    await ann.fetch(`${running.site.url}/auth/logout`)
    if (socket.readyState === WebSocket.OPEN) socket.send('late')
    await closed
    await sleep(50)
    expect(heard).toEqual([])
  })

  it('that have closed before are forgotten', async () => {
    const ann = await running.signIn()
    const { socket } = await connect(running, ann)
    socket.close()
    await once(socket, 'close')
    expect((await ann.fetch(`${running.site.url}/auth/logout`)).status).toBe(200)
  })
})

describe.each<[string, () => App<{ auth: Auth }>]>([
  ['a Fetch app', () => feed],
  ['an Express app', () => fromNode(app)],
])('the event streams of a session, over %s', (_what, inner) => {
  let running: Running
  beforeAll(async () => {
    running = await start(inner())
  })
  afterAll(() => running.site.close())

  it('end when the user signs out; the app is told', async () => {
    const ann = await running.signIn()
    const before = cancelled
    const response = await fetch(`${running.site.url}/feed`, {
      headers: { cookie: ann.cookieHeader(running.site.url), accept: 'text/event-stream' },
    })
    const reader = response.body!.getReader()
    const { value } = await reader.read()
    expect(new TextDecoder().decode(value)).toBe('data: hello ann\n\n')
    await ann.fetch(`${running.site.url}/auth/logout`)
    expect((await reader.read()).done).toBe(true)
    while (cancelled === before) await sleep(10)
    expect(cancelled - before).toBe(1)
  })
})

describe('what stays open ends by itself', () => {
  let fake: FakeProvider
  let site: Listening
  const { setInterval } = globalThis
  beforeAll(async () => {
    // Nobody comes by every ten seconds here: it ends at its moment.
    Object.assign(globalThis, { setInterval: () => setTimeout(() => {}) })
    fake = await startFakeProvider()
    const server = createServer()
    site = await listen(server)
    const options = { bearer: { audience: origin }, clockTolerance: 0, baseURL: site.url }
    const whole = gateTo(fake, options)(chat)
    server.on('request', toNode(whole)).on('upgrade', toUpgrade(whole))
  })
  afterAll(async () => {
    Object.assign(globalThis, { setInterval })
    await site.close()
  })

  /** Who comes by a token, or by a session, that is good until then (seconds since 1970). */
  const guests: [string, (until: number) => Promise<Record<string, string>>][] = [
    ['exp of a token', async (exp) => ({ authorization: `Bearer ${await fake.accessToken({ exp })}` })],
    [
      'last end of a session',
      async (until) => {
        const claims = { session_expiry: until }
        return { cookie: `oidc=${forge(fake.issuer, { sid: `until ${until}`, claims })}` }
      },
    ],
  ]
  const soon = (): number => Math.floor(Date.now() / 1000) + 7
  const connected = async (headers: Record<string, string>): Promise<WebSocket> => {
    const socket = new WebSocket(site.url.replace('http', 'ws'), { headers })
    await once(socket, 'message')
    return socket
  }

  it.each(guests)('a WebSocket, at the %s; another one of the same user stays', async (_what, headersUntil) => {
    const until = soon()
    const [ends, stays] = [await connected(await headersUntil(until)), await connected(await headersUntil(until + 600))]
    const [code] = await once(ends, 'close')
    expect([code, Date.now() >= until * 1000]).toEqual([1008, true])
    expect(await echo(stays, 'still here')).toBe('echo still here')
    stays.terminate()
  })

  it.each(guests)('an event stream, at the %s', async (_what, headersUntil) => {
    const until = soon()
    const response = await fetch(`${site.url}/feed`, { headers: await headersUntil(until) })
    const reader = response.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: hello ann\n\n')
    expect((await reader.read()).done).toBe(true)
    expect(Date.now()).toBeGreaterThanOrEqual(until * 1000)
  })

  it('all of several that one token has opened', async () => {
    const headers = await guests[0]![1](soon())
    const sockets = [await connected(headers), await connected(headers)]
    sockets[0]!.close()
    const closed = await Promise.all(sockets.map((socket) => once(socket, 'close')))
    expect(closed.map(([code]) => code)).toEqual([1005, 1008])
  })
})

describe('where there is no socket at hand', () => {
  let fake: FakeProvider
  beforeAll(async () => {
    fake = await startFakeProvider()
  })
  const site = (store: SessionStore, app: App<{ auth: Auth }> = feed): App =>
    gateTo(fake, { scope: 'openid', session: { store } })(app)

  async function openFeed(
    there: App,
    who: Browser,
    context: Context = testContext(),
  ): Promise<ReadableStreamDefaultReader> {
    const response = await there(get(`${origin}/feed`, { cookie: who.cookieHeader(origin) }), context)
    const reader = response.body!.getReader()
    expect(String(await readText(reader))).toBe('data: hello ann\n\n')
    return reader
  }
  const readText = async (reader: ReadableStreamDefaultReader): Promise<string | undefined> => {
    const { done, value } = await reader.read()
    return done ? undefined : new TextDecoder().decode(value)
  }

  it('an event stream ends when the provider ends the session: by sid, and by sub', async () => {
    const there = site(memoryStore())
    const one = await signInAs(fake, there, { sub: 'ann', sid: 'one' })
    const two = await signInAs(fake, there, { sub: 'ann', sid: 'two' })
    const [first, second] = [await openFeed(there, one), await openFeed(there, two)]
    await callBack(there, await logoutToken(fake, { claims: { sid: 'one' } }))
    expect(await readText(first)).toBeUndefined()
    await callBack(there, await logoutToken(fake, { claims: { sub: 'ann' } }))
    expect(await readText(second)).toBeUndefined()
  })

  it('an event stream ends soon after the session was ended on another machine', async () => {
    const store = memoryStore()
    const [here, there] = [site(store), site(store, whoAmI)]
    const ann = await signInAs(fake, here, { sub: 'ann', sid: 'three' })
    const reader = await openFeed(here, ann)
    await callBack(there, await logoutToken(fake, { claims: { sid: 'three' } }))
    // Whoever has something open is looked after every ten seconds.
    expect(await readText(reader)).toBeUndefined()
  })

  it('other answers are left as they are', async () => {
    const there = site(memoryStore())
    const ann = await signInAs(fake, there, { sub: 'ann' })
    expect(await (await ann.fetch(`${origin}/`)).json()).toEqual({ sub: 'ann' })
  })
})
