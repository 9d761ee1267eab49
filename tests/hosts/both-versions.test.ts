/**
 * One secure server that speaks HTTP/2 and HTTP/1 (`allowHTTP1`): the kinds of HTTP/1 once more, on that side of it; and
 * both sides at once. The kinds of HTTP/2 on the other side are in http2.test.ts.
 */
import { once } from 'node:events'
import { createSecureServer, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { after, compose, editHeaders, upgrade, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode, toUpgrade } from '@outerware/core/node'
import { certificate } from './harness/certificate.ts'
import { fidelity } from './harness/fidelity.ts'
import { requestOf } from './harness/kind.ts'
import { overTlsOrHttp2 } from './harness/run.ts'
import { Wire } from './harness/wire.ts'
import { Client } from './http2/client.ts'

// Node has no timeouts on this side of such a server, and reads a head as long as by default.
const lacks = ['maxHeaderSize', 'headersTimeout', 'requestTimeout']
fidelity((name) => ['async', 'header', 'nested'].includes(name), { make: overTlsOrHttp2, lacks })

it('one onion answers requests of both versions and an upgrade, side by side', async () => {
  const versions: string[] = []
  const mark: Wrapper = (app) => (request, context) =>
    after(app(request, context), (response) =>
      editHeaders(response, (headers) => headers.set('x-from', new URL(request.url).protocol)),
    )
  const inside = fromNode((req, res) => {
    versions.push(req.httpVersion)
    setTimeout(() => res.end(`over ${req.httpVersion}`), 5)
  })
  const accepting: App = (request, context) =>
    context.upgrade === undefined
      ? inside(request, context)
      : upgrade((_req, socket) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
          socket.end('hello')
        })
  const site = compose(mark)(accepting)
  const server: Http2Server = createSecureServer({ ...certificate, allowHTTP1: true }, toNode(site))
  server.on('upgrade', toUpgrade(site))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new Client(port, true)
  const [first, other] = [new Wire(port, true), new Wire(port, true)]
  try {
    const second = client.ask({ ':path': '/' })
    first.send(requestOf('GET /', 'Connection: close'))
    other.send(requestOf('GET /', 'Connection: Upgrade', 'Upgrade: any'))
    const [message] = await Promise.all([first.response(), second.closed, other.closed()])
    expect([message.body.toString(), second.body().toString()]).toEqual(['over 1.1', 'over 2.0'])
    expect(Object.fromEntries(message.fields)).toMatchObject({ 'x-from': 'https:' })
    expect(second.lines.join()).toContain('["x-from","https:"]')
    expect(other.received.toString()).toBe('HTTP/1.1 101 Switching Protocols\r\nx-from: https:\r\n\r\nhello')
    expect(versions.toSorted()).toEqual(['1.1', '2.0'])
  } finally {
    client.leave()
    for (const wire of [first, other]) wire.leave()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
})
