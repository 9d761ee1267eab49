import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { forwardGate } from '@outerware/recipes/forward-auth/app'
import { tryoutProvider } from '@outerware/recipes/forward-auth/provider'
import { startNginx } from '@outerware/recipes/forward-auth/proxy'
import { describeWith, listen, type Listening } from '../support/index.ts'
import { later } from './start.ts'
import { navigation, Visitor } from './visitor.ts'

describeWith('the forward-auth recipe, with nginx', [{ command: 'nginx', package: 'nginx' }], () => {
  let url: string
  let issuer: string
  let upstream: Listening
  let stopNginx: (() => Promise<void>) | undefined
  const seen: { url: string | undefined; user: unknown; email: unknown }[] = []

  beforeAll(async () => {
    const [office, gate] = [await later(), await later()]
    upstream = await listen((req, res) => {
      seen.push({ url: req.url, user: req.headers['x-forwarded-user'], email: req.headers['x-forwarded-email'] })
      res.end('behind the gate')
    })
    const nginx = await onFreePort((PORT) => startNginx({ PORT, GATE: gate.running.port, UPSTREAM: upstream.port }))
    stopNginx = nginx.stop
    url = `http://localhost:${nginx.port}`
    issuer = `http://127.0.0.1:${office.running.port}`
    const client = { id: 'gate', secret: 'of the client, and only for tests', baseURL: url }
    office.use(await tryoutProvider(issuer, client))
    const secret = 'of the cookies, and only for these tests'
    gate.use(forwardGate({ baseURL: url, issuer, clientId: client.id, clientSecret: client.secret, secret }))
  })
  afterAll(async () => {
    await stopNginx?.()
    await upstream.close()
  })

  it('leads a page to sign in, and back to itself; the upstream knows who it is', async () => {
    const visitor = new Visitor()
    const form = await visitor.go(`${url}/plans?of=1874`)
    expect(new URL(form.url).origin).toBe(issuer)
    const page = await visitor.submit(form.url, { prompt: 'login', login: 'mairi', password: 'any' })
    expect([page.url, page.status, page.text]).toEqual([`${url}/plans?of=1874`, 200, 'behind the gate'])
    expect(seen.at(-1)).toEqual({ url: '/plans?of=1874', user: 'mairi', email: 'mairi@skerry.example' })

    // Whatever somebody calls themselves, the gate knows better.
    await visitor.ask(`${url}/again`, { headers: { 'x-forwarded-user': 'admin', 'x-forwarded-email': 'a@b' } })
    expect(seen.at(-1)).toMatchObject({ url: '/again', user: 'mairi' })

    await visitor.ask(`${url}/auth/logout`, { headers: navigation })
    expect((await visitor.ask(`${url}/again`)).status).toBe(401)
  })

  it('answers 401 to what is no page, and asks the upstream nothing', async () => {
    const before = seen.length
    expect((await new Visitor().ask(`${url}/api`)).status).toBe(401)
    expect((await new Visitor().ask(`${url}/form`, { method: 'POST', body: 'a=b', headers: navigation })).status).toBe(
      401,
    )
    expect(seen).toHaveLength(before)
  })

  it('leads to its own name whoever comes by another', async () => {
    const { status, headers } = await new Visitor().ask(`${url.replace('localhost', '127.0.0.1')}/plans?of=1874`)
    expect([status, headers.location]).toEqual([307, `${url}/plans?of=1874`])
  })

  it('keeps the question to nginx: nobody else may ask it', async () => {
    expect((await new Visitor().ask(`${url}/auth/check`)).status).toBe(404)
  })
})

/** Others may take a port between the moment when it is found free and that in which nginx does. */
async function onFreePort<T>(start: (port: number) => Promise<T>, tries = 5): Promise<{ port: number; stop: T }> {
  const { port, close } = await listen(createServer())
  await close()
  try {
    return { port, stop: await start(port) }
  } catch (error) {
    if (tries === 1) throw error
    return onFreePort(start, tries - 1)
  }
}

it.each(['forward-auth', 'spa-with-vite'])('%s brings the same provider as websockets-behind-login', (recipe) => {
  const provider = (name: string): string =>
    readFileSync(join(import.meta.dirname.replace(/[\\/]tests[\\/].*/, ''), 'recipes', name, 'provider.ts'), 'utf8')
  expect(provider(recipe)).toBe(provider('websockets-behind-login'))
})
