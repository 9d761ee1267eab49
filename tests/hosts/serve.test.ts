/**
 * A server that starts, says where, and stops without cutting anybody off.
 */
import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { respond, upgrade, type App } from '@outerware/core'
import { fromNode, serve, type Running, type ServeOptions } from '@outerware/core/node'
import { listen } from '../support/index.ts'
import { reporting } from './harness/ask.ts'
import { certificate } from './harness/certificate.ts'
import { requestOf } from './harness/kind.ts'
import { later } from './harness/serving.ts'
import { Wire } from './harness/wire.ts'

const hello: App = () => respond('hello')
const running: Running[] = []
const wires: Wire[] = []

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.leave()
  await Promise.all(running.splice(0).map((server) => server.stop()))
})

/** On a free port of loopback; signals are Jest's own. */
async function start(app: App, options: ServeOptions = {}): Promise<Running> {
  const server = await serve(app, { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 5000, ...options })
  running.push(server)
  return server
}

function connect({ port }: Running, secure = false): Wire {
  const wire = new Wire(port, secure)
  wires.push(wire)
  return wire
}

describe('serve()', () => {
  it('listens on a free port when asked for port 0, and says where', async () => {
    const server = await start(hello)
    expect(server.port).toBeGreaterThan(0)
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    expect(await (await fetch(server.url)).text()).toBe('hello')
  })

  it('takes the port from PORT, if none is given', async () => {
    const before = process.env['PORT']
    process.env['PORT'] = '0'
    try {
      const server = await serve(hello, { signals: false, hostname: '127.0.0.1' })
      running.push(server)
      expect(server.port).toBeGreaterThan(0)
    } finally {
      if (before === undefined) delete process.env['PORT']
      else process.env['PORT'] = before
    }
  })

  it.each([
    ['::1', /^http:\/\/\[::1\]:\d+$/],
    ['localhost', /^http:\/\/localhost:\d+$/],
    ['0.0.0.0', /^http:\/\/localhost:\d+$/],
  ])('has a url that a browser can open, on %s', async (hostname, url) => {
    expect((await start(hello, { hostname })).url).toMatch(url)
  })

  it('speaks https, with a key and a certificate', async () => {
    const app: App = (request) => respond(request.url)
    const server = await start(app, { tls: { ...certificate } })
    expect(server.url).toMatch(/^https:/)
    const wire = connect(server, true)
    wire.send(requestOf('GET /secure'))
    expect((await wire.response()).body.toString()).toBe('https://site.test/secure')
  })

  it('gives options to the server of Node', async () => {
    const server = await start(hello, { server: { maxHeaderSize: 200 } })
    const wire = connect(server)
    wire.send(requestOf('GET /', `X-Long: ${'a'.repeat(300)}`))
    expect((await wire.response()).status).toBe(431)
  })

  it('gives options to the server of Node, over https too', async () => {
    const server = await start(hello, { tls: { ...certificate }, server: { maxHeaderSize: 200 } })
    const wire = connect(server, true)
    wire.send(requestOf('GET /', `X-Long: ${'a'.repeat(300)}`))
    expect((await wire.response()).status).toBe(431)
  })

  it('takes upgrades through the same app', async () => {
    const app: App = (_, context) =>
      context.upgrade
        ? upgrade((_req, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\nswitched'))
        : respond('no')
    const wire = connect(await start(app))
    wire.send(requestOf('GET /', 'Connection: Upgrade', 'Upgrade: test'))
    await wire.saw('switched')
  })

  it('rejects with the error of Node when the port cannot be had', async () => {
    const taken = await listen(createServer())
    try {
      await expect(start(hello, { port: taken.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    } finally {
      await taken.close()
    }
  })

  it.each<[string, ServeOptions]>([
    ['serve.port', { port: -1 }],
    ['serve.port', { port: 65_536 }],
    ['serve.port', { port: 80.5 }],
    ['serve.port', { port: Number.NaN }],
    ['serve.stopTimeoutMs', { stopTimeoutMs: -1 }],
    ['serve.stopTimeoutMs', { stopTimeoutMs: Number.NaN }],
  ])('refuses a wrong %s: %p', async (option, options) => {
    await expect(serve(hello, { signals: false, ...options })).rejects.toMatchObject({ code: 'ERR_OPTION', option })
  })

  it('refuses what is no app', async () => {
    const app: unknown = 'hello'
    await expect(serve(app as App, { port: 0, signals: false })).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })
})

describe('stop()', () => {
  it('finishes what is running, closes its connection then, and resolves', async () => {
    const gate = later()
    const asked = later()
    const server = await start(async () => {
      asked.resolve()
      await gate.promise
      return respond('in flight')
    })
    const wire = connect(server)
    wire.send(requestOf('GET /'))
    await asked.promise
    const stopped = server.stop()
    gate.resolve()
    expect((await wire.response()).body.toString()).toBe('in flight')
    await Promise.all([wire.closed(), stopped])
  })

  it('finishes a held answer of a Node app that has answered already', async () => {
    const gate = later()
    const held = later()
    const node = fromNode((_, res) => void res.end('held'))
    const server = await start(async (request, context) => {
      const response = await node(request, context)
      held.resolve()
      await gate.promise
      return response
    })
    const wire = connect(server)
    wire.send(requestOf('GET /'))
    await held.promise
    const stopped = server.stop()
    // The sweeps of a stop go by while the answer is held.
    await pause(60)
    gate.resolve()
    expect((await wire.response()).body.toString()).toBe('held')
    await Promise.all([wire.closed(), stopped])
  })

  it('lets a stream run to its end', async () => {
    const more = later()
    const server = await start(
      fromNode((_, res) => {
        res.write('begun, ')
        void more.promise.then(() => res.end('ended'))
      }),
    )
    const wire = connect(server)
    wire.send(requestOf('GET /'))
    await wire.saw('begun')
    const stopped = server.stop()
    await pause(60)
    more.resolve()
    expect((await wire.response()).body.toString()).toBe('begun, ended')
    await stopped
  })

  it('closes idle connections at once', async () => {
    const server = await start(hello)
    const wire = connect(server)
    wire.send(requestOf('GET /'))
    await wire.response()
    await server.stop()
    await wire.closed()
  })

  it.each<[string, ServeOptions]>([
    ['http', {}],
    ['https', { tls: { ...certificate } }],
  ])('closes connections that were opened in advance, on which nothing was asked: %s', async (_, options) => {
    const server = await start(hello, options)
    const secure = options.tls !== undefined
    const silent = connect(server, secure)
    await silent.opened()
    const wire = connect(server, secure)
    wire.send(requestOf('GET /'))
    await wire.response()
    await server.stop()
    await silent.closed()
  })

  it('accepts nobody any more', async () => {
    const server = await start(hello)
    await server.stop()
    await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    expect(server.server.listening).toBe(false)
  })

  it('waits for the tasks of waitUntil, also for one that a task adds', async () => {
    const seen: string[] = []
    const gate = later()
    const server = await start((_, context) => {
      context.waitUntil(
        gate.promise.then(() => {
          seen.push('first')
          context.waitUntil(pause(5).then(() => seen.push('second')))
        }),
      )
      return respond('hello')
    })
    await (await fetch(server.url)).text()
    const stopped = server.stop().then(() => seen.push('stopped'))
    gate.resolve()
    await stopped
    expect(seen).toEqual(['first', 'second', 'stopped'])
  })

  it('waits for tasks that onFinish begins', async () => {
    const seen: string[] = []
    const server = await start((_, context) => {
      context.onFinish(() => context.waitUntil(pause(5).then(() => seen.push('logged'))))
      return respond('hello')
    })
    const wire = connect(server)
    wire.send(requestOf('GET /'))
    await wire.response()
    await server.stop()
    expect(seen).toEqual(['logged'])
  })

  it('cuts what is left after stopTimeoutMs', async () => {
    const asked = later()
    const server = await start(
      () => {
        asked.resolve()
        return new Promise(() => {})
      },
      { stopTimeoutMs: 50, ...reporting() },
    )
    const wire = connect(server)
    wire.send(requestOf('GET /'))
    await asked.promise
    await server.stop()
    await wire.closed()
  })

  it('cuts an upgraded connection after stopTimeoutMs, which Node itself knows no more', async () => {
    const app: App = () => upgrade((_req, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\nopen'))
    const server = await start(app, { stopTimeoutMs: 50 })
    const wire = connect(server)
    wire.send(requestOf('GET /', 'Connection: Upgrade', 'Upgrade: test'))
    await wire.saw('open')
    await server.stop()
    await wire.closed()
  })

  it('gives up a task that never ends after stopTimeoutMs', async () => {
    const server = await start(
      (_, context) => {
        context.waitUntil(new Promise(() => {}))
        return respond('hello')
      },
      { stopTimeoutMs: 50 },
    )
    await (await fetch(server.url)).text()
    await server.stop()
  })

  it('is one stop, however often it is called', async () => {
    const server = await start(hello)
    const first = server.stop()
    expect(server.stop()).toBe(first)
    await first
    expect(server.stop()).toBe(first)
  })
})

describe('signals', () => {
  it('are left alone when there is nothing to stop any more', async () => {
    const before = process.listenerCount('SIGUSR2')
    const server = await serve(hello, { port: 0, hostname: '127.0.0.1', signals: ['SIGUSR2'] })
    expect(process.listenerCount('SIGUSR2')).toBe(before + 1)
    await server.stop()
    expect(process.listenerCount('SIGUSR2')).toBe(before)
  })
})
