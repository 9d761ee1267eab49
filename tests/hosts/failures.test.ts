/**
 * What goes wrong, and what a client then sees: an answer that tells nothing, or a cut, and never a short body that
 * looks whole.
 */
import { describe, expect, it } from '@jest/globals'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { editHeaders, editStatus, errors, respond, type App, type Context, type Wrapper } from '@outerware/core'
import { fromNode, toNode, type NodeListener } from '@outerware/core/node'
import express from 'express'
import { around, ask, reporting, type Answer } from './harness/ask.ts'
import { requestOf } from './harness/kind.ts'
import { later, serving } from './harness/serving.ts'

const fault = new Error('a fault of the app')
const passOn: Wrapper = (app) => (request, context) => app(request, context)
const slowly: Wrapper = (app) => async (request, context) => {
  const response = await app(request, context)
  await pause(15)
  return response
}

/** The host's own answer to an error: nothing of the app is in it, neither a field nor a word. */
function expectPlain500(answer: Answer): void {
  expect(answer.statusLine).toBe('HTTP/1.1 500 Internal Server Error')
  expect(answer.text).toBe('500 Internal Server Error\n')
  expect(answer.complete).toBe(true)
  const names = answer.fields.map(([name]) => name.toLowerCase()).sort()
  expect(names).toEqual(['cache-control', 'connection', 'content-length', 'content-type', 'date'])
}

describe('an app that fails before its head', () => {
  it.each<[string, NodeListener]>([
    ['throws', leaking(() => void raise())],
    ['rejects at once', leaking(() => Promise.reject(fault))],
    ['rejects later', leaking(() => pause(1).then(raise))],
    [
      'rejects with a head that it has said in the same turn',
      leaking((res) => res.writeHead(200, { 'x-leak': '2' }) && raise()),
    ],
    ['throws with a body that it has begun', leaking((res) => res.write('leak') && raise())],
  ])('is answered with a plain 500, and reported: it %s', async (_, listener) => {
    const options = reporting()
    expectPlain500(await ask(around(passOn, listener, options), '/'))
    expect(options.errors).toEqual([fault])
  })

  it('is answered so as a Fetch app, too', async () => {
    for (const app of [() => raise(), () => Promise.reject(fault)]) {
      const options = reporting()
      expectPlain500(await ask(toNode(app, options), '/'))
      expect(options.errors).toEqual([fault])
    }
  })

  it.each<[string, Parameters<typeof respond>[1]]>([
    ['nothing', {}],
    ['a reason of its own', { statusText: 'Fine' }],
    ['that there is no body', { status: 204 }],
    ['that nothing has changed', { status: 304 }],
  ])('and nothing is left of a head that Node refused, which said %s', async (_, init) => {
    const options = reporting()
    const headers: [string, string][] = [['trailer', 'x-sum']]
    expectPlain500(
      await ask(
        toNode(() => respond(null, { ...init, headers }), options),
        '/',
      ),
    )
    expect(options.errors).toEqual([expect.objectContaining({ code: 'ERR_HTTP_TRAILER_INVALID' })])
  })

  it('nor of a reason that was set before', async () => {
    for (const reason of ['Fine', 'no\nreason']) {
      const listener = toNode(() => raise(), reporting())
      expectPlain500(await ask((req, res) => listener(req, Object.assign(res, { statusMessage: reason })), '/'))
    }
  })

  it('is caught by a wrapper, if there is one that does', async () => {
    const options = reporting()
    const caught: unknown[] = []
    const page = errors({ page: (status) => respond('sorry', { status }), report: (error) => void caught.push(error) })
    const answer = await ask(
      around(
        page,
        leaking(() => void raise()),
        options,
      ),
      '/',
    )
    expect([answer.status, answer.text, answer.field('x-leak')]).toEqual([500, 'sorry', undefined])
    expect([caught, options.errors]).toEqual([[fault], []])
  })

  it('is answered by Express itself, if Express catches it', async () => {
    const app = express().set('env', 'test')
    app.get('/', () => raise())
    const options = reporting()
    const answer = await ask(around(passOn, app, options), '/')
    expect([answer.status, answer.text.includes('a fault of the app'), options.errors]).toEqual([500, true, []])
  })

  it('leaves the connection fit for the next request', async () => {
    await serving(
      around(
        passOn,
        leaking(() => void raise()),
        reporting(),
      ),
      async ({ connect }) => {
        const wire = connect()
        for (let i = 0; i < 2; i++) {
          wire.send(requestOf('GET /'))
          expect((await wire.response()).status).toBe(500)
        }
      },
    )
  })
})

describe('an app that fails after its head', () => {
  it('is answered with a plain 500 while its head is held', async () => {
    const options = reporting()
    const listener = leaking(async (res) => {
      res.writeHead(200, { 'content-length': '10' })
      res.write('leak')
      await turn()
      throw fault
    })
    expectPlain500(await ask(around(slowly, listener, options), '/'))
    expect(options.errors).toEqual([fault])
  })

  it.each([
    ['a length', { 'content-length': '10' }],
    ['chunks', {}],
  ])('sees its connection cut once bytes are out: %s', async (_, fields) => {
    const options = reporting()
    const fail = later()
    const listener: NodeListener = async (_req, res) => {
      res.writeHead(200, fields)
      res.write('begun')
      await fail.promise
      throw fault
    }
    await serving(around(passOn, listener, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('begun')
      fail.resolve()
      await wire.closed()
      await expect(wire.response()).rejects.toThrow('before a whole response')
    })
    expect(options.errors).toEqual([fault])
  })

  it('has answered all the same, if it fails after its end; the fault is reported', async () => {
    const options = reporting()
    const listener: NodeListener = async (_req, res) => {
      res.end('whole')
      await turn()
      throw fault
    }
    for (const wrapper of [passOn, slowly]) {
      const { text, complete } = await ask(around(wrapper, listener, options), '/')
      expect([text, complete]).toEqual(['whole', true])
    }
    expect(options.errors).toEqual([fault, fault])
  })

  it('cuts the connection when a wrapper reads its body as a stream', async () => {
    const options = reporting()
    const copy: Wrapper = (app) => async (request, context) => {
      const response = await app(request, context)
      return new Response(response.body, response)
    }
    const fail = later()
    const listener: NodeListener = async (_req, res) => {
      res.write('begun')
      await fail.promise
      throw fault
    }
    await serving(around(copy, listener, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('begun')
      fail.resolve()
      await wire.closed()
      await expect(wire.response()).rejects.toThrow('before a whole response')
    })
    expect(options.errors).toEqual([fault])
  })
})

describe('a wrapper that fails with the head of the app held', () => {
  it.each<[string, Wrapper]>([
    ['throws', (app) => (request, context) => thenRaise(app(request, context))],
    ['rejects', (app) => async (request, context) => thenRaise(await app(request, context))],
    ['rejects later', (app) => async (request, context) => thenRaise(await slowly(app)(request, context))],
  ])('%s: a plain 500, with nothing of the app', async (_, wrapper) => {
    const options = reporting()
    const listener = leaking((res) => res.setHeader('set-cookie', ['a=1', 'b=2']).end('leak'))
    expectPlain500(await ask(around(wrapper, listener, options), '/'))
    expect(options.errors).toEqual([fault])
  })

  it.each<[string, (response: Response) => Response]>([
    ['a value with a line break', (r) => editHeaders(r, (headers) => headers.set('x-a', 'b\r\nc: d'))],
    ['a name that is none', (r) => editHeaders(r, (headers) => headers.set('a b', '1'))],
    ['a status that is none', (r) => editStatus(r, 1000)],
    ['a reason with a line break', (r) => editStatus(r, 200, 'a\nb')],
  ])('is told so in its own stack: %s', async (_, edit) => {
    const told: unknown[] = []
    const options = reporting()
    const wrong: Wrapper = (app) => async (request, context) => {
      const response = await app(request, context)
      try {
        return edit(response)
      } catch (error) {
        told.push(error)
        throw error
      }
    }
    expectPlain500(
      await ask(
        around(
          wrong,
          leaking((res) => res.end('leak')),
          options,
        ),
        '/',
      ),
    )
    expect(told).toHaveLength(1)
    expect(options.errors).toEqual(told)
  })
})

describe('what is no answer', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'hello'],
    ['a Node response', { statusCode: 200 }],
    ['a promise of nothing', Promise.resolve()],
  ])('is a TypeError that says so, and a 500: %s', async (_, value) => {
    const options = reporting()
    const app: App = () => value as Response
    expectPlain500(await ask(toNode(app, options), '/'))
    expect(options.errors).toEqual([
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('Response') }),
    ])
  })

  it.each<[string, NodeListener]>([
    ['Trailer with a length', (_, res) => void res.writeHead(200, { Trailer: 'x', 'Content-Length': 1 }).end('a')],
  ])('is never sent, and never hangs, if Node refuses it when it leaves: %s', async (_, listener) => {
    const options = reporting()
    const { complete, status, ending } = await ask(around(passOn, listener, options), '/')
    expect(ending).not.toBe('timeout')
    expect(complete && status !== 500).toBe(false)
    expect(options.errors).toHaveLength(1)
  })
})

describe('a Node app that is called twice for one request', () => {
  it('refuses the second call; the first answer goes out', async () => {
    const refused: unknown[] = []
    const twice: Wrapper = (app) => async (request, context) => {
      const first = await app(request, context)
      await Promise.resolve()
        .then(() => app(request, context))
        .catch((error: unknown) => refused.push(error))
      return first
    }
    expect(
      (
        await ask(
          around(twice, (_, res) => res.end('once'), reporting()),
          '/',
        )
      ).text,
    ).toBe('once')
    expect(refused).toEqual([expect.objectContaining({ message: expect.stringMatching(/once/) })])
  })
})

describe('an app that never answers', () => {
  it('is cut by the server, as bare', async () => {
    const options = reporting()
    await serving(
      around(passOn, () => {}, options),
      async ({ server, connect }) => {
        server.setTimeout(100)
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.closed()
        expect(wire.received).toHaveLength(0)
      },
    )
    expect(options.errors).toEqual([])
  })

  it('is overtaken by a wrapper that has waited enough; what it says later is swallowed, and it notices nothing', async () => {
    const late = later()
    const seen: unknown[] = []
    const impatient: Wrapper = (app) => (request, context) =>
      Promise.race([app(request, context), pause(5).then(() => respond('too slow', { status: 504 }))])
    const listener: NodeListener = async (_, res) => {
      for (const event of ['finish', 'close', 'error']) res.on(event, () => seen.push(event))
      res.setHeader('x-leak', '1')
      await late.promise
      res.setHeader('x-late', '1')
      res.writeHead(200, { 'x-later': '1' })
      seen.push(res.write('late', () => seen.push('write called back')))
      res.end('later', () => seen.push('end called back'))
    }
    await serving(around(impatient, listener, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      const answer = await wire.response()
      expect([answer.status, answer.body.toString()]).toEqual([504, 'too slow'])
      expect(wire.received.toString()).not.toMatch(/leak|late/)
      late.resolve()
      // The connection is fit for more: to the second request the app says all at once.
      wire.send(requestOf('GET /'))
      expect((await wire.response()).body.toString()).toBe('latelater')
    })
    expect(seen.filter((event) => event === 'error')).toEqual([])
    expect(seen).toContain('finish')
  })
})

describe('a double answer', () => {
  it("throws Node's own error in the app's stack, while the first one is held", async () => {
    const codes: unknown[] = []
    const listener: NodeListener = (_, res) => {
      res.end('first')
      for (const again of [() => res.setHeader('a', '1'), () => res.writeHead(500)]) codes.push(codeOf(again))
    }
    expect((await ask(around(slowly, listener), '/')).text).toBe('first')
    expect(codes).toEqual(['ERR_HTTP_HEADERS_SENT', 'ERR_HTTP_HEADERS_SENT'])
  })
})

describe('the host tells of an error', () => {
  it('with the context of its request', async () => {
    const contexts: (Context | undefined)[] = []
    const seen: Context[] = []
    const app: App = (_, context) => {
      seen.push(context)
      throw fault
    }
    await ask(toNode(app, { onError: (_, context) => contexts.push(context) }), '/')
    expect(contexts).toHaveLength(1)
    expect(contexts[0]).toBe(seen[0])
  })

  it('in words, where there is no Node server outside', () => {
    const app = fromNode((_, res) => res.end())
    const context: Context = { platform: 'bun', ip: '', env: {}, waitUntil() {}, onFinish() {} }
    expect(() => app(new Request('http://site.test'), context)).toThrow(/toNode\(\).*bun/)
  })
})

function raise(): never {
  throw fault
}

function thenRaise(_response: unknown): never {
  return raise()
}

/** A listener with fields that must not leak. */
function leaking(then: (res: Parameters<NodeListener>[1]) => unknown): NodeListener {
  return (_, res) => {
    res.setHeader('x-leak', '1')
    res.statusMessage = 'Leak'
    return then(res)
  }
}

function codeOf(deed: () => unknown): unknown {
  try {
    return deed()
  } catch (error) {
    return Object(error).code
  }
}
