import { Readable } from 'node:stream'
import { expect, it } from '@jest/globals'
import { replaceBody, respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { compression } from '@outerware/compression'
import { get, listen, testContext, type TestContext } from '../support/index.ts'
import { open } from './http.ts'
import { turns } from './streams.ts'
import { plain, prose } from './support.ts'

const headers = { 'content-type': 'text/html', etag: '"x"' }
const text = prose(5000)
const streaming: App = () => respond(Readable.from([Buffer.from(text)]), { headers })
const gzip = { 'accept-encoding': 'gzip' }

it('sends further streams bare, until one of the others has left', async () => {
  const app = compression({ maxConcurrent: 2 })(streaming)
  const contexts: TestContext[] = []
  const codingOfNext = async (): Promise<string | null> => {
    contexts.push(testContext())
    const response = await app(get('/', gzip), contexts.at(-1)!)
    const coding = response.headers.get('content-encoding')
    expect(response.headers.get('vary')).toBe('accept-encoding')
    expect(response.headers.get('etag')).toBe(coding === null ? '"x"' : 'W/"x"')
    expect(await plain(response)).toBe(text)
    return coding
  }
  expect([await codingOfNext(), await codingOfNext(), await codingOfNext()]).toEqual(['gzip', 'gzip', null])
  // The third was not counted, so its end makes no room.
  contexts[2]!.finish()
  expect(await codingOfNext()).toBeNull()
  contexts[0]!.finish({ outcome: 'aborted' })
  expect([await codingOfNext(), await codingOfNext()]).toEqual(['gzip', null])
})

it('codes short bodies all the same', async () => {
  const app = compression({ maxConcurrent: 0 })(() => respond(text, { headers }))
  const response = await app(get('/', gzip), testContext())
  expect(response.headers.get('content-encoding')).toBe('gzip')
})

it('counts no longer what a wrapper outside has dropped', async () => {
  const app = compression({ maxConcurrent: 1 })(streaming)
  for (let i = 0; i < 3; i++) {
    const context = testContext()
    const response = await app(get('/', gzip), context)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    replaceBody(response, 'other')
    context.finish()
  }
})

it.each<[string, App]>([
  ['a Fetch app', () => respond(new Readable({ read() {} }), { headers })],
  ['a Node app', fromNode((_req, res) => res.writeHead(200, headers).flushHeaders())],
])('makes room when a client leaves: %s', async (_name, app) => {
  const site = await listen(toNode(compression({ maxConcurrent: 1 })(app), { onError: () => {} }))
  try {
    const first = await open(site.port, '/')
    const second = await open(site.port, '/')
    expect([first.headers['content-encoding'], second.headers['content-encoding']]).toEqual(['gzip', undefined])
    first.destroy()
    second.destroy()
    for (let coding: string | undefined; coding === undefined;) {
      await turns(10)
      const next = await open(site.port, '/')
      coding = next.headers['content-encoding']
      next.destroy()
    }
  } finally {
    await site.close()
  }
})
