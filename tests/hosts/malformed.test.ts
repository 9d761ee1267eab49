/**
 * Ten thousand malformed requests, of a seeded generator, on raw sockets: the process lives on, no socket hangs, and
 * none is answered twice. A fault is found again by its seed: `malformed(seeded(seed))`.
 */
import { describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import { after, editHeaders, pathOf, peekBody, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, next, toConnect, toNode, toUpgrade, type ToNodeOptions } from '@outerware/core/node'
import express from 'express'
import { get, testContext } from '../support/index.ts'
import { muteConsole } from './harness/quiet.ts'
import { serving } from './harness/serving.ts'
import { malformed, seeded } from './malformed/generate.ts'
import { storm } from './malformed/storm.ts'

muteConsole()

let requests = 0

/** Reads all there is of a request, as a guard would, and gives its answer its number. */
const curious: Wrapper = (app) => async (request, context) => {
  void [request.url, [...request.headers], pathOf(request), request.signal.aborted, new URL(request.url).host]
  context.onFinish(() => {})
  const number = String(++requests)
  return after(app(request, context), (response) =>
    editHeaders(response, (headers) => headers.set('x-request', number)),
  )
}

const fetchApp: App = async (request) => {
  const peeked = request.method === 'GET' ? undefined : await peekBody(request, 100)
  return respond(`${request.method} ${peeked?.byteLength} ${await request.text()}`)
}

const site = express()
  .use(express.json({ type: () => true }))
  .use((req, res) => void res.send(req.url))

/** Errors that the host tells of are of clients that broke off, and of no kind else. */
const reported: unknown[] = []
const options: ToNodeOptions = { onError: (error) => void reported.push(error) }
// Short, so that an unfinished request is given up while the test waits.
const timeouts = { headersTimeout: 2000, requestTimeout: 3000, connectionsCheckingInterval: 500 }

function server(listener: ReturnType<typeof toNode>, upgrades?: App): Server {
  const made = createServer(timeouts, listener)
  return upgrades === undefined ? made : made.on('upgrade', toUpgrade(upgrades, options))
}

const upgrading = curious(
  fromNode((_req, res) => void res.end(), {
    upgrade: (_req, socket) => void socket.end('HTTP/1.1 101 Switching\r\n\r\n'),
  }),
)

const hosts: [name: string, make: () => Server][] = [
  ['toNode() over a Fetch app', () => server(toNode(curious(fetchApp), options))],
  ['toNode(), native requests', () => server(toNode(curious(fetchApp), { ...options, request: 'native' }))],
  [
    'fromNode() over a plain listener',
    () => server(toNode(curious(fromNode((req, res) => void req.pipe(res))), options)),
  ],
  ['fromNode() over Express', () => server(toNode(curious(fromNode(site)), options))],
  ['toConnect() inside Express', () => createServer(timeouts, express().use(Object(toConnect(curious(next), options))).use(site))], // prettier-ignore
  ['toUpgrade()', () => server(toNode(upgrading, options), upgrading)],
]

const COUNT = 1700

describe.each(hosts)('%s', (_, make) => {
  it(`survives ${COUNT} malformed requests`, async () => {
    const { hung, wrong, statuses } = await serving(make(), async ({ port }) => {
      const found = await storm(port, COUNT)
      // It serves on.
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBeLessThan(500)
      return found
    })
    expect({ hung, wrong }).toEqual({ hung: [], wrong: [] })
    // Both kinds are among them: those that the parser refuses, and those that reach the app.
    expect(statuses['400']).toBeGreaterThan(COUNT / 10)
    expect(statuses['200']).toBeGreaterThan(COUNT / 20)
    expect(Object.keys(statuses).filter((status) => /^5(?!01)/.test(status))).toEqual([])
    expect(reported.splice(0).filter((error) => !isOfClient(error))).toEqual([])
  })
})

it('the generator makes the same requests of the same seed', () => {
  const some = (seed: number): string[] => Array.from({ length: 50 }, (_, i) => malformed(seeded(seed + i)))
  expect(some(1)).toEqual(some(1))
  expect(some(1)).not.toEqual(some(2))
  expect(new Set(some(1)).size).toBeGreaterThan(40)
})

it('the apps of this file answer a request that is none of these', async () => {
  const response = await curious(fetchApp)(get('/', {}, { method: 'POST', body: 'hello' }), testContext())
  expect(await response.text()).toBe('POST 5 hello')
})

/** What a client does that leaves in the middle, or sends what cannot be read. */
function isOfClient(error: unknown): boolean {
  const { name, code, message } = Object(error)
  return (
    name === 'AbortError' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || message === 'aborted'
  )
}
