import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { freePort } from '../support/index.ts'
import { browser, secret } from './support/index.ts'
import { stopLater } from './support/stop.ts'

// The two files of the page are run as they stand there, but for their ports.
const manual = new URL('../../middlewares/oauth2/docs/first-login.md', import.meta.url)
const AsyncFunction: new (...parameters: string[]) => (...values: unknown[]) => Promise<void> = Object.getPrototypeOf(
  async () => {},
).constructor

/** Stops with the tests what the files have started, and never stop by themselves. */
function stopped(server: Server): Server {
  stopLater(async () => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

/** A provider that listens by a server of ours. */
async function stoppingProvider(): Promise<object> {
  const { Provider } = await import('oidc-provider')
  return class extends Provider {
    override listen(...where: unknown[]): Server {
      const answer = this.callback()
      return stopped(createServer((req, res) => void answer(req, res))).listen(Number(where[0]))
    }
  }
}

async function load(name: string): Promise<object> {
  if (name === 'oidc-provider') return { Provider: await stoppingProvider() }
  if (name === 'node:http')
    return { createServer: (...given: Parameters<typeof createServer>) => stopped(createServer(...given)) }
  return Object(await import(name))
}

/** Runs a module: its imports are made here, where the packages are the ones that are tested. */
async function run(module: string): Promise<void> {
  const body = module
    .replaceAll(/^import (\w+) from ('.+')$/gm, 'const { default: $1 } = await load($2)')
    .replaceAll(/^import (\{.+\}) from ('.+')$/gm, 'const $1 = await load($2)')
  await new AsyncFunction('load', body)(load)
}

let url: string
let page: string
const before = process.env['COOKIE_SECRET']
beforeAll(async () => {
  const [site, provider] = [await freePort(), await freePort()]
  page = (await readFile(manual, 'utf8')).replaceAll('3000', String(site)).replaceAll('4000', String(provider))
  url = `http://localhost:${site}`
  process.env['COOKIE_SECRET'] = secret
  // The provider has much to say on what is good enough for one machine.
  for (const level of ['warn', 'info'] as const) jest.spyOn(console, level).mockImplementation(() => {})
  for (const [, module] of page.matchAll(/^```js\n([^]*?)^```/gm)) await run(module!)
})
afterAll(() => {
  jest.restoreAllMocks()
  if (before === undefined) delete process.env['COOKIE_SECRET']
  else process.env['COOKIE_SECRET'] = before
})

it('leads through a login, and out again, to the letter', async () => {
  const ann = browser({})
  const hello = await ann.signIn(`${url}/`)
  expect([hello.status, hello.text]).toEqual([200, `Hello ann@example.com. <a href="${url}/auth/logout">Sign out</a>`])
  const asked = await ann.open(`${url}/auth/logout`)
  expect((await ann.submit(asked, { logout: 'yes' })).text).toContain('You are signed out')
})

it('says to curl what the page says', async () => {
  const { status, headers } = await fetch(url)
  const [, block = ''] = /^\$ curl.*\n([^]*?)^…/m.exec(page) ?? []
  const [first, ...lines] = block.trim().split('\n')
  expect(first).toBe(`HTTP/1.1 ${status} Unauthorized`)
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    const [name = '', value] = line.split(/: (.*)/)
    expect(headers.get(name)).toBe(value)
  }
})
