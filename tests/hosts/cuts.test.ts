/**
 * Bytes before cuts: what the app has said reaches the client, though a wrapper holds it while the app destroys,
 * closes or stops what is around it. Each of these was a fault once.
 */
import { describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createGzip, gunzipSync } from 'node:zlib'
import { compose, filterBody, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode, type NodeListener } from '@outerware/core/node'
import express from 'express'
import { around, ask, reporting } from './harness/ask.ts'
import { ready, requestOf } from './harness/kind.ts'
import { muteConsole } from './harness/quiet.ts'
import { later, serving, type Later } from './harness/serving.ts'

muteConsole()

/** Holds every answer until the gate opens; tells that it does. */
function holding(gate: Later<void>, held: Later<void> = later()): Wrapper {
  return (app) => async (request, context) => {
    const response = await app(request, context)
    held.resolve()
    await gate.promise
    return response
  }
}

/** Opened a turn later, so that whatever the app does in its own turn is done while its answer is held. */
function soon(): Later<void> {
  const gate = later()
  setImmediate(() => setImmediate(() => gate.resolve()))
  return gate
}

describe('a whole answer that is held reaches the client, then the connection ends:', () => {
  const express5 = express().set('env', 'production')
  express5.get('/', (_, res, next) => {
    res.send('answered')
    next(new Error('after the end'))
  })
  const answerThen =
    (deed: NodeListener): NodeListener =>
    (req, res) => {
      res.end('answered')
      deed(req, res)
    }
  it.each<[string, NodeListener]>([
    ['res.destroy()', answerThen((_, res) => res.destroy())],
    ['res.destroy(error)', answerThen((_, res) => res.destroy(new Error('why not')))],
    ['socket.destroy()', answerThen((req) => req.socket.destroy())],
    ['socket.destroySoon()', answerThen((req) => req.socket.destroySoon())],
    ['socket.end()', answerThen((req) => req.socket.end())],
    ['req.destroy()', answerThen((req) => req.destroy())],
    ['an error that Express hears of after the end', express5],
  ])('%s', async (_, listener) => {
    const { text, complete, ending } = await ask(around(holding(soon()), listener), requestOf('GET /'))
    expect([text, complete, ending === 'timeout']).toEqual(['answered', true, false])
  })
})

it('an app that closes its socket after its end closes no body that still goes through a filter', async () => {
  const large = randomBytes(500_000).toString('hex')
  const gzipped: Wrapper = (app) => async (request, context) =>
    filterBody(await app(request, context), () => createGzip())
  const listener: NodeListener = (req, res) => {
    res.end(large)
    req.socket.end()
  }
  const { body, complete, ending } = await ask(around(gzipped, listener), requestOf('GET /'))
  expect([complete, ending]).toEqual([true, 'fin'])
  expect(gunzipSync(body).toString() === large).toBe(true)
})

describe('a held answer that is not whole', () => {
  it('has said what was flushed, before the cut', async () => {
    const flush: NodeListener = (_, res) => {
      res.writeHead(200, { 'content-length': '10' })
      res.flushHeaders()
      res.destroy()
    }
    const { status, complete } = await ask(around(holding(soon()), flush), requestOf('GET /'))
    expect([status, complete]).toEqual([200, false])
  })

  it('has said what was written a tick before, then the cut; to the app it is gone at once', async () => {
    const seen: unknown[] = []
    const listener: NodeListener = (_, res) => {
      res.write('said')
      setImmediate(() => {
        res.destroy()
        seen.push(res.destroyed)
        res.write('unsaid', (error) => seen.push(Object(error).code))
      })
    }
    const gate = later()
    setTimeout(() => gate.resolve(), 20)
    const { text, complete } = await ask(around(holding(gate), listener), requestOf('GET /'))
    expect([text, complete]).toEqual(['said', false])
    expect(seen).toEqual([true, 'ERR_STREAM_DESTROYED'])
  })

  it('is cut without a word when nothing of it would have left yet', async () => {
    const listener: NodeListener = (_, res) => void (res.writeHead(200), res.destroy())
    const { wire, ending } = await ask(around(holding(soon()), listener), requestOf('GET /'))
    expect([wire, ending === 'timeout']).toEqual(['', false])
  })

  it('is cut without a word when the app destroys before it has said anything', async () => {
    const { wire, ending } = await ask(
      around(holding(soon()), (_, res) => void res.destroy()),
      requestOf('GET /'),
    )
    expect([wire, ending === 'timeout']).toEqual(['', false])
  })
})

describe('what an app has written is on the wire a tick later, let go in the turn of the app:', () => {
  const atOnce: Wrapper = (app) => (request, context) => app(request, context)
  const inMicrotasks: Wrapper = (app) => async (request, context) => {
    await Promise.resolve()
    return app(request, context)
  }
  const nested: Wrapper = (app: App<any>): App<any> => fromNode(toNode(app))
  const cutAfter =
    (write: NodeListener): NodeListener =>
    (req, res) => {
      write(req, res)
      process.nextTick(() => req.socket.destroy())
    }
  const listeners: [string, NodeListener][] = [
    ['one piece', cutAfter((_, res) => void res.write('said'))],
    ['a piece behind its head', cutAfter((_, res) => void res.writeHead(200, { 'content-length': '9' }).write('said'))],
    [
      'two pieces',
      cutAfter((_, res) => {
        res.write('one ')
        res.write('two')
      }),
    ],
    [
      'a piece, and one of the next tick, which is lost',
      (req, res) => {
        res.write('said')
        process.nextTick(() => {
          res.write('unsaid')
          req.socket.destroy()
        })
      },
    ],
    [
      'nothing, of an app that has corked',
      cutAfter((_, res) => {
        res.cork()
        res.write('unsaid')
      }),
    ],
  ]
  const wrappers: [string, Wrapper][] = [
    ['at once', atOnce],
    ['in microtasks', inMicrotasks],
    ['nested', nested],
    ['nested twice', compose(nested, nested)],
  ]

  describe.each(listeners)('%s', (_, listener) => {
    it.each(wrappers)('%s', async (__, wrapper) => {
      const bare = await ask(listener, requestOf('GET /'))
      const wrapped = await ask(around(wrapper, listener), requestOf('GET /'))
      expect([wrapped.text, wrapped.complete]).toEqual([bare.text, bare.complete])
    })
  })
})

describe('a held answer does not keep alive', () => {
  it.each(['reset', 'leave', 'end'] as const)('a connection whose client is gone, by %s', async (how) => {
    const gate = later()
    const held = later()
    const closed = later()
    const listener: NodeListener = (_, res) => {
      res.on('close', () => closed.resolve())
      res.end('to nobody')
    }
    await serving(around(holding(gate, held), listener, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await held.promise
      wire[how]()
      await closed.promise
      gate.resolve()
    })
  })

  it('a connection that Node times out', async () => {
    const gate = later()
    const listener: NodeListener = (_, res) => res.end('held for ever')
    await serving(around(holding(gate), listener, reporting()), async ({ server, connect }) => {
      server.setTimeout(50)
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.closed()
      expect(wire.received).toHaveLength(0)
      gate.resolve()
    })
  })
})

describe('server.close() while whole answers are held', () => {
  it('spares a connection whose answer has been let out and has not finished, for the next one in its line', async () => {
    const second = later()
    const listener: NodeListener = (req, res) => {
      if (req.url === '/second') return void second.promise.then(() => res.end('second'))
      // In the middle of what Node does to send it.
      res.once('prefinish', () => server.close(() => {}))
      res.once('close', () => second.resolve())
      res.end('first')
    }
    const server = createServer(around(holding(soon()), listener))
    await serving(server, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /first') + requestOf('GET /second'))
      expect((await wire.response()).body.toString()).toBe('first')
      expect((await wire.response()).body.toString()).toBe('second')
    })
  })

  it('lets them out, closes their connections then, and ends', async () => {
    const gate = later()
    const held = later()
    const server = createServer(around(holding(gate, held), (_, res) => res.end('in flight')))
    await serving(server, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await held.promise
      const closed = later()
      server.close(() => closed.resolve())
      gate.resolve()
      expect((await wire.response()).body.toString()).toBe('in flight')
      await wire.closed()
      await closed.promise
    })
  })

  it('lets out the pipelined answer behind it, too', async () => {
    const gates = [later(), later()]
    const held = [later(), later()]
    let asked = 0
    const wrapper: Wrapper = (app) => (request, context) => {
      const number = asked++
      return holding(gates[number]!, held[number])(app)(request, context)
    }
    // After it, bare Node leaves the connection to its keep-alive timeout, and so do we; serve() does better.
    const server = createServer(
      { keepAliveTimeout: 50 },
      around(wrapper, (req, res) => res.end(req.url)),
    )
    await serving(server, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /one') + requestOf('GET /two'))
      await Promise.all(held.map(({ promise }) => promise))
      server.close()
      gates[0]!.resolve()
      expect((await wire.response()).body.toString()).toBe('/one')
      gates[1]!.resolve()
      expect((await wire.response()).body.toString()).toBe('/two')
      await wire.closed()
    })
  })

  it('closes connections that are idle at once', async () => {
    const server = createServer(
      around(
        (app) => app,
        (_, res) => res.end('done'),
      ),
    )
    await serving(server, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.response()
      const closed = later()
      server.close(() => closed.resolve())
      await Promise.all([wire.closed(), closed.promise])
    })
  })
})

describe('an answer in the turn of its request', () => {
  it('comes before the 400 for the garbage behind it, and before a FIN', async () => {
    const listener = around(
      (app) => app,
      (_, res) => res.end('at once'),
    )
    const garbage = await ask(listener, `${requestOf('GET /')}garbage\r\n\r\n`)
    expect([garbage.text, garbage.wire.includes('400 Bad Request')]).toEqual(['at once', false])
    await serving(listener, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      wire.end()
      expect((await wire.response()).body.toString()).toBe('at once')
    })
  })
})

describe('an onion around an app that keeps its connection', () => {
  it('adds no listener per request to the socket', async () => {
    const counts: number[] = []
    const listener = around(holding(soon()), (req, res) => {
      counts.push(
        ['timeout', 'close', 'error', 'end', 'drain'].reduce((sum, name) => sum + req.socket.listenerCount(name), 0),
      )
      res.end('counted')
    })
    await serving(listener, async ({ connect }) => {
      const wire = connect()
      for (let i = 0; i < 5; i++) {
        wire.send(requestOf('GET /'))
        await wire.response()
      }
      wire.send(ready)
      await wire.response()
    })
    expect(new Set(counts.slice(1)).size).toBe(1)
  })
})
