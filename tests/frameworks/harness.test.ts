/**
 * The harness: every server is behind the onion and does not notice, and a test that changes its mind is found.
 */
import { afterEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import * as http2 from 'node:http2'
import { createServer as createSecureServer, get as getSecurely } from 'node:https'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { WebSocket, WebSocketServer } from 'ws'
import { certificate } from '../hosts/harness/certificate.ts'
import { listen } from '../support/index.ts'
import { setField } from '../support/wrappers.ts'
import { wrapServers } from './onion.ts'
import { changes, readVerdicts } from './verdicts.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** Every server behind a wrapper that sets a header, until the test is over. */
function wrapAll(): { exchanges: number } {
  const counted = { exchanges: 0 }
  cleanups.push(wrapServers(setField, () => (counted.exchanges += 1)))
  return counted
}

async function ask(server: Server): Promise<Response> {
  const site = await listen(server)
  cleanups.push(() => site.close())
  return fetch(site.url)
}

const hello: RequestListener = (_req, res) => void res.end('hello')

const madeBefore = createServer(hello)

describe('every server is wrapped', () => {
  it.each<[string, () => Server]>([
    ['createServer(listener)', () => createServer(hello)],
    ["server.on('request')", () => createServer().on('request', hello)],
    ["server.once('request')", () => createServer().once('request', hello)],
    ['an Express app', () => createServer(express().get('/', hello))],
    ['a listener of two', () => createServer(() => {}).on('request', hello)],
    ['a server that was made before', () => madeBefore],
  ])('%s', async (_how, make) => {
    const counted = wrapAll()
    const response = await ask(make())
    expect([response.headers.get('x-outer'), await response.text()]).toEqual(['1', 'hello'])
    expect(counted.exchanges).toBe(1)
  })

  it('over TLS', async () => {
    wrapAll()
    const site = await listen(createSecureServer(certificate, hello))
    cleanups.push(() => site.close())
    const request = getSecurely({ port: site.port, host: '127.0.0.1', rejectUnauthorized: false, agent: false })
    const [response] = await once(request, 'response')
    response.resume()
    expect(response.headers['x-outer']).toBe('1')
  })

  it('over HTTP/2', async () => {
    wrapAll()
    const server = http2.createServer((_req, res) => void res.end('hello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    cleanups.push(
      () => server.close(),
      () => client.destroy(),
    )
    const [headers] = await once(client.request({ ':path': '/' }), 'response')
    expect(headers['x-outer']).toBe('1')
  })

  it('the 101 of a WebSocket, too', async () => {
    wrapAll()
    const site = await listen(createServer())
    const sockets = new WebSocketServer({ server: site.server })
    cleanups.push(
      () => site.close(),
      () => sockets.close(),
    )
    const client = new WebSocket(site.url.replace('http', 'ws'))
    const opened = once(client, 'open')
    const [response] = await once(client, 'upgrade')
    await opened
    client.terminate()
    expect(response.headers['x-outer']).toBe('1')
  })
})

it('shows a server its own listeners', () => {
  wrapAll()
  const server = createServer(hello)
  expect(server.listeners('request')).toEqual([hello])
  expect(server.removeListener('request', hello).listenerCount('request')).toBe(0)
})

it('is gone when it is taken back', async () => {
  wrapAll()
  cleanups.pop()?.()
  expect((await ask(createServer(hello))).headers.get('x-outer')).toBeNull()
})

describe('verdicts', () => {
  const read = (...lines: [string, string][]): ReturnType<typeof readVerdicts> =>
    readVerdicts(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

  it('keep tests of one name apart', () => {
    expect([...read(['pass', 'a'], ['fail', 'a'])]).toEqual([
      ['a', 'pass'],
      ['a (2)', 'fail'],
    ])
  })

  it('tell what has changed, has come and is missing', () => {
    const bare = read(['pass', 'same'], ['pass', 'changed'], ['pass', 'missing'])
    expect(changes(bare, read(['pass', 'same'], ['fail', 'changed'], ['fail', 'new']))).toEqual([
      { name: 'changed', bare: 'pass', wrapped: 'fail' },
      { name: 'missing', bare: 'pass', wrapped: undefined },
      { name: 'new', bare: undefined, wrapped: 'fail' },
    ])
  })
})
