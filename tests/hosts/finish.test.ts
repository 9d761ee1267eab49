/**
 * What the context tells over a real socket: how a response ended, that its client has left, and which request it is.
 */
import { describe, expect, it } from '@jest/globals'
import type { Server } from 'node:http'
import { Readable } from 'node:stream'
import { respond, type App, type Context, type Finished, type Wrapper } from '@outerware/core'
import { contextOf, fromNode, toNode, type NodeListener } from '@outerware/core/node'
import { exchange } from '../support/index.ts'
import { around, ask, reporting } from './harness/ask.ts'
import { requestOf } from './harness/kind.ts'
import { later, serving, type Later } from './harness/serving.ts'
import type { Wire } from './harness/wire.ts'

const fault = new Error('a fault')

/** Resolves with how the response ended. */
function telling(finished: Later<Finished>): Wrapper {
  return (app) => (request, context) => {
    context.onFinish((end) => finished.resolve(end))
    return app(request, context)
  }
}

/** Runs a client against a wrapped listener and gives how its response ended. */
async function endOf(listener: NodeListener, client: (wire: Wire, server: Server) => Promise<void>): Promise<Finished> {
  const finished = later<Finished>()
  return serving(around(telling(finished), listener, reporting()), async ({ server, connect }) => {
    await client(connect(), server)
    return finished.promise
  })
}

const asking = async (wire: Wire): Promise<void> => {
  wire.send(requestOf('GET /', 'Connection: close'))
  await wire.closed()
  wire.leave()
}

describe('onFinish tells how the response ended', () => {
  it.each<[string, NodeListener, number]>([
    ['whole', (_, res) => res.writeHead(201).end('whole'), 201],
    ['in pieces', (_, res) => (res.write('a'), res.end('b')), 200],
    ['without a body', (_, res) => res.writeHead(204).end(), 204],
    ['large', (_, res) => res.end(Buffer.alloc(3_000_000)), 200],
    ['an error of the app, answered by the app', (_, res) => res.writeHead(500).end('sorry'), 500],
    ['with a status that the app changes too late', (_, res) => (res.end('a'), (res.statusCode = 500)), 200],
  ])('sent: %s', async (_, listener, status) => {
    const end = await endOf(listener, asking)
    expect(end).toEqual({ status, outcome: 'sent', error: null, evidence: 'os' })
  })

  it('aborted: the client has left before the head', async () => {
    const called = later()
    const end = await endOf(
      () => called.resolve(),
      async (wire) => {
        wire.send(requestOf('GET /'))
        await called.promise
        wire.reset()
      },
    )
    expect(end).toEqual({ status: null, outcome: 'aborted', error: null, evidence: 'os' })
  })

  it('aborted: the client has left in the middle of the body', async () => {
    const end = await endOf(
      (_, res) => res.write('begun'),
      async (wire) => {
        wire.send(requestOf('GET /'))
        await wire.saw('begun')
        wire.reset()
      },
    )
    expect(end).toEqual({ status: 200, outcome: 'aborted', error: null, evidence: 'os' })
  })

  it('aborted: the client has left while a whole answer was held, asked for after the app', async () => {
    const ended = later<Finished>()
    const held = later()
    const holding: Wrapper = (app) => async (request, context) => {
      const response = await app(request, context)
      context.onFinish((end) => ended.resolve(end))
      held.resolve()
      await ended.promise
      return response
    }
    const listener = around(holding, (_, res) => void res.end('whole'), reporting())
    const end = await serving(listener, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await held.promise
      wire.reset()
      return ended.promise
    })
    expect(end).toEqual({ status: null, outcome: 'aborted', error: null, evidence: 'os' })
  })

  it('aborted: the app took the socket and wrote by hand', async () => {
    const end = await endOf((req) => req.socket.end('HTTP/1.1 200 By Hand\r\n\r\n'), asking)
    expect(end).toEqual({ status: null, outcome: 'aborted', error: null, evidence: 'os' })
  })

  it('aborted: the app detached the socket, and no event of its response comes', async () => {
    const detach: NodeListener = (req, res) => {
      res.detachSocket(req.socket)
      req.socket.end('HTTP/1.1 200 Detached\r\n\r\n')
    }
    expect(await endOf(detach, asking)).toMatchObject({ status: null, outcome: 'aborted' })
  })

  it('aborted: queued behind an answer whose connection was cut', async () => {
    const ends: Finished[] = []
    const both = later()
    const wrapper: Wrapper = (app) => (request, context) => {
      context.onFinish((end) => {
        if (ends.push(end) === 2) both.resolve()
      })
      return app(request, context)
    }
    const listener: NodeListener = (req, res) => (req.url === '/one' ? res.write('begun') : res.end('queued'))
    await serving(around(wrapper, listener), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /one') + requestOf('GET /two'))
      await wire.saw('begun')
      wire.reset()
      await both.promise
    })
    expect(ends.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted'])
  })

  it.each<[string, NodeListener, number | null]>([
    ['before the head: the 500 that went out', () => Promise.reject(fault), 500],
    [
      'after the head: what went out before the cut',
      async (_, res) => {
        res.write('begun')
        await new Promise((resolve) => setTimeout(resolve, 10))
        throw fault
      },
      200,
    ],
    [
      'by its own hand',
      async (_, res) => {
        res.write('begun')
        await new Promise((resolve) => setTimeout(resolve, 10))
        res.destroy(fault)
      },
      200,
    ],
  ])('error: the app failed %s', async (_, listener, status) => {
    // prettier-ignore
    const end = await endOf(listener, asking)
    expect(end).toEqual({ status, outcome: 'error', error: fault, evidence: 'os' })
  })

  it('error: a stream of a Fetch app failed in the middle', async () => {
    const finished = later<Finished>()
    const body = (): Readable => Readable.from((function* () { yield 'begun'; throw fault })()) // prettier-ignore
    await ask(
      toNode(
        telling(finished)(() => respond(body())),
        reporting(),
      ),
      '/',
    )
    expect(await finished.promise).toMatchObject({ outcome: 'error', error: fault })
  })
})

describe('onFinish hooks', () => {
  it('run once each, last added first, whatever another throws; what it throws is reported', async () => {
    const options = reporting()
    const order: number[] = []
    const done = later()
    const app: App = (_, context) => {
      context.onFinish(() => done.resolve())
      for (const number of [1, 2, 3]) {
        context.onFinish(() => {
          order.push(number)
          if (number === 2) throw fault
        })
      }
      return respond('hello')
    }
    await ask(toNode(app, options), '/')
    await done.promise
    expect(order).toEqual([3, 2, 1])
    expect(options.errors).toEqual([fault])
  })

  it('run after the last byte', async () => {
    const written = later<number | undefined>()
    const app: App = (_, context) => {
      context.onFinish(() => written.resolve(context.node?.res.socket?.bytesWritten))
      return respond(Buffer.alloc(100_000))
    }
    const { wire } = await ask(toNode(app), '/')
    // Node takes the socket from the response when it is done with it.
    expect([undefined, wire.length]).toContain(await written.promise)
  })

  it('are called, too, when they come after the end', async () => {
    const finished = later<Finished>()
    const contexts: Context[] = []
    const app: App = (_, context) => {
      contexts.push(context)
      return respond('hello')
    }
    await ask(toNode(app), '/')
    contexts[0]?.onFinish((end) => finished.resolve(end))
    expect(await finished.promise).toMatchObject({ status: 200, outcome: 'sent' })
  })
})

describe('request.signal', () => {
  it('aborts when the client leaves, with an AbortError, and the app that waits for it is told', async () => {
    const told = later<unknown>()
    const waiting = later()
    const app: App = (request) => {
      waiting.resolve()
      return new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => {
          told.resolve(request.signal.reason)
          reject(request.signal.reason)
        })
      })
    }
    const options = reporting()
    await serving(toNode(app, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await waiting.promise
      wire.reset()
      expect(await told.promise).toMatchObject({ name: 'AbortError' })
    })
    // Nobody waits for an answer: that is no error.
    expect(options.errors).toEqual([])
  })

  it('does not abort when the answer has gone out whole', async () => {
    const signals: AbortSignal[] = []
    const closed = later()
    const app: App = (request, context) => {
      signals.push(request.signal)
      context.onFinish(() => closed.resolve())
      return respond('hello')
    }
    await ask(toNode(app), '/')
    await closed.promise
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  })

  it('is aborted already when it is asked for too late', async () => {
    const requests: Request[] = []
    const waiting = later()
    const gone = later()
    const app: App = (request, context) => {
      requests.push(request)
      context.onFinish(() => gone.resolve())
      waiting.resolve()
      return new Promise(() => {})
    }
    await serving(toNode(app, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await waiting.promise
      wire.reset()
      await gone.promise
      expect(requests[0]?.signal.aborted).toBe(true)
    })
  })
})

describe('a client that has left before the head of a Node app', () => {
  it('makes the onion reject with an AbortError, and nobody is blamed', async () => {
    const options = reporting()
    const seen = later<unknown>()
    const called = later()
    const look: Wrapper = (app) => async (request, context) => {
      try {
        return await app(request, context)
      } catch (error) {
        seen.resolve(error)
        throw error
      }
    }
    await serving(
      around(look, () => called.resolve(), options),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await called.promise
        wire.reset()
        expect(await seen.promise).toMatchObject({ name: 'AbortError' })
      },
    )
    expect(options.errors).toEqual([])
  })
})

describe('waitUntil', () => {
  it('lets a task outlive the response, and reports one that fails, with its context', async () => {
    const options = reporting()
    const seen: unknown[] = []
    const app: App = (_, context) => {
      context.waitUntil(new Promise((resolve) => setTimeout(resolve, 5)).then(() => seen.push('done')))
      context.waitUntil(Promise.reject(fault))
      return respond('hello')
    }
    await ask(toNode(app, options), '/')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([seen, options.errors]).toEqual([['done'], [fault]])
  })
})

describe('the context', () => {
  it('is one object for the whole onion, and for the Node app inside', async () => {
    const seen: unknown[] = []
    const look: Wrapper = (app) => (request, context) => {
      seen.push(context)
      return app(request, Object.assign(context, { added: true }))
    }
    const listener: NodeListener = (req, res) => {
      seen.push(contextOf(req))
      res.end(`${contextOf<{ added: boolean }>(req)?.added}`)
    }
    const { text } = await ask(toNode(look(look(fromNode(listener)))), '/')
    expect([text, new Set(seen).size, seen.length]).toEqual(['true', 1, 3])
  })

  it('is another one for each request', async () => {
    const seen: Context[] = []
    const app: App = (_, context) => {
      seen.push(context)
      return respond('hello')
    }
    await serving(toNode(app), ({ port }) =>
      exchange(port, requestOf('GET /') + requestOf('GET /', 'Connection: close')),
    )
    expect(new Set(seen).size).toBe(2)
  })

  it('tells the platform, the peer, the environment and the real pair', async () => {
    const seen: unknown[] = []
    const app: App = (_, { platform, ip, env, node, upgrade }) => {
      seen.push(platform, ip, env === process.env, node?.req.method, node?.res.req === node?.req, upgrade)
      return respond('hello')
    }
    await ask(toNode(app), '/')
    expect(seen).toEqual(['node', '127.0.0.1', true, 'GET', true, undefined])
  })

  it('has an ip that a wrapper may replace', async () => {
    const app: App = (_, context) => respond(String(context.ip))
    const behindProxy: Wrapper = (inner) => (request, context) => {
      context.ip = '192.0.2.1'
      return inner(request, context)
    }
    expect((await ask(toNode(behindProxy(app)), '/')).text).toBe('192.0.2.1')
  })

  it('is unknown to a request that came through no onion', async () => {
    const { text } = await ask((req, res) => res.end(String(contextOf(req))), '/')
    expect(text).toBe('undefined')
  })
})
