/**
 * What a wrapper can do to the answer of a Node app, whether the app answers at once, later, or piece by piece.
 */
import { describe, expect, it } from '@jest/globals'
import { Transform } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import {
  after,
  editHeaders,
  editStatus,
  filterBody,
  replaceBody,
  respond,
  wholeBody,
  type Wrapper,
} from '@outerware/core'
import express from 'express'
import { around, ask } from './harness/ask.ts'
import { requestOf } from './harness/kind.ts'

const answers = ['/at-once', '/later', '/in-pieces', '/plain']

/** Changes the answer, or gives another. */
const changed =
  (change: (response: Response) => Response | Promise<Response>): Wrapper =>
  (app) =>
  (request, context) =>
    after(app(request, context), change)

describe.each(answers)('over an app that answers %s, a wrapper', (path) => {
  it('reads status and headers before a byte is sent', async () => {
    const seen: unknown[] = []
    const look: Wrapper = (app) => async (request, context) => {
      const response = await app(request, context)
      await pause(10)
      seen.push(response.status, response.statusText, response.ok, response.headers.get('x-app'))
      seen.push(response.headers.getSetCookie(), context.node?.res.socket?.bytesWritten)
      return response
    }
    const { status } = await ask(around(look, site()), path)
    expect(seen).toEqual([201, 'Created', true, 'app', ['a=1', 'b=2'], 0])
    expect(status).toBe(201)
  })

  it('adds, changes and removes headers', async () => {
    const edit = changed((response) =>
      editHeaders(response, (headers) => {
        headers.set('X-Added', '1')
        headers.append('x-app', 'outer')
        headers.set('X-CHANGED', 'new')
        headers.delete('x-removed')
        headers.append('set-cookie', 'c=3')
      }),
    )
    const answer = await ask(around(edit, site()), path)
    expect(answer.field('x-added')).toBe('1')
    expect(answer.field('x-app')).toBe('app, outer')
    expect(answer.field('x-changed')).toBe('new')
    expect(answer.field('x-removed')).toBeUndefined()
    expect(answer.fields.filter(([name]) => /^set-cookie$/i.test(name)).map(([, value]) => value)).toEqual([
      'a=1',
      'b=2',
      'c=3',
    ])
    expect(answer.text).toBe('hello world')
  })

  it('changes a header under the name as the app wrote it, in its place', async () => {
    const edit = changed((response) => editHeaders(response, (headers) => headers.set('x-app', 'other')))
    const bare = await ask(site(), path)
    const { fields } = await ask(around(edit, site()), path)
    expect(fields.map(([name]) => name)).toEqual(bare.fields.map(([name]) => name))
    expect(fields).toContainEqual(['X-App', 'other'])
  })

  it('changes the status, and with it the reason phrase', async () => {
    const { statusLine, text } = await ask(
      around(
        changed((r) => editStatus(r, 503)),
        site(),
      ),
      path,
    )
    expect([statusLine, text]).toEqual(['HTTP/1.1 503 Service Unavailable', 'hello world'])
  })

  it('changes the status to one without a body: none is sent', async () => {
    const { statusLine, wire, complete } = await ask(
      around(
        changed((r) => editStatus(r, 304)),
        site(),
      ),
      path,
    )
    expect([statusLine, complete]).toEqual(['HTTP/1.1 304 Not Modified', true])
    expect(wire).not.toContain('hello')
  })

  it.each<[string, string | Uint8Array | null, string]>([
    ['a text', 'größe', 'größe'],
    ['bytes', new Uint8Array([104, 105]), 'hi'],
    ['nothing', null, ''],
  ])('replaces the body by %s, with its length', async (_, body, expected) => {
    const answer = await ask(
      around(
        changed((r) => replaceBody(r, body)),
        site(),
      ),
      path,
    )
    expect([answer.status, answer.text, answer.framing]).toEqual([201, expected, 'length'])
    expect(answer.field('content-length')).toBe(`${Buffer.byteLength(expected)}`)
    expect(answer.field('x-app')).toBe('app')
  })

  it('replaces the body by a stream', async () => {
    const stream = (): ReadableStream<Uint8Array> => new Blob(['stream', 'ed']).stream()
    const answer = await ask(
      around(
        changed((r) => replaceBody(r, stream())),
        site(),
      ),
      path,
    )
    expect([answer.status, answer.text, answer.framing]).toEqual([201, 'streamed', 'chunked'])
  })

  it('filters the body through a Node Transform', async () => {
    const answer = await ask(
      around(
        changed((r) => filterBody(r, loudly)),
        site(),
      ),
      path,
    )
    expect([answer.status, answer.text, answer.complete]).toEqual([201, 'HELLO WORLD!', true])
    expect(answer.field('content-length')).toBeUndefined()
  })

  it('filters the body through a TransformStream', async () => {
    const answer = await ask(
      around(
        changed((r) => filterBody(r, loudlyForWeb)),
        site(),
      ),
      path,
    )
    expect([answer.status, answer.text, answer.complete]).toEqual([201, 'HELLO WORLD!', true])
  })

  it('filters twice, the first filter next to the app', async () => {
    const twice = changed((r) => filterBody(filterBody(r, loudly), quote))
    expect((await ask(around(twice, site()), path)).text).toBe('<HELLO WORLD!>')
  })

  it('reads the body and sends it on in another Response', async () => {
    const shout = changed(async (response) => new Response((await response.text()).toUpperCase(), response))
    const answer = await ask(around(shout, site()), path)
    expect([answer.status, answer.text, answer.field('x-app')]).toEqual([201, 'HELLO WORLD', 'app'])
  })

  it('reads the body through its stream and sends it on', async () => {
    const copy = changed((response) => new Response(response.body, response))
    const answer = await ask(around(copy, site()), path)
    expect([answer.status, answer.text, answer.complete]).toEqual([201, 'hello world', true])
  })

  it('drops the answer and gives its own: nothing of the app is in it', async () => {
    const own = changed(() => respond('closed', { status: 403, headers: { 'x-outer': '1' } }))
    const answer = await ask(around(own, site()), path)
    const names = answer.fields.map(([name]) => name.toLowerCase()).sort()
    expect([answer.status, answer.statusLine, answer.text]).toEqual([403, 'HTTP/1.1 403 Forbidden', 'closed'])
    expect(names).toEqual(['connection', 'content-length', 'content-type', 'date', 'x-outer'])
    expect(answer.wire).not.toMatch(/x-app|hello|a=1|express/i)
  })

  it('drops the answer for a native Response, with cookies of its own', async () => {
    const own = changed(() => {
      const headers = new Headers([['set-cookie', 'x=1'], ['set-cookie', 'y=2']]) // prettier-ignore
      return new Response('closed', { status: 403, headers })
    })
    const { fields, text, wire } = await ask(around(own, site()), path)
    expect(fields.filter(([name]) => name === 'set-cookie').map(([, value]) => value)).toEqual(['x=1', 'y=2'])
    expect(text).toBe('closed')
    expect(wire).not.toMatch(/x-app|hello|a=1/i)
  })

  it('answers before the app, which is not called', async () => {
    let called = 0
    const gate: Wrapper = () => () => respond('no', { status: 401 })
    const { status, text } = await ask(
      around(gate, () => called++),
      path,
    )
    expect([status, text, called]).toEqual([401, 'no', 0])
  })

  it('is told of the head as soon as the app has said it, so it can time that', async () => {
    const events: string[] = []
    const timing: Wrapper = (app) => (request, context) => {
      events.push('asked')
      return after(app(request, context), (response) => {
        events.push('head')
        return response
      })
    }
    await ask(around(timing, site(events)), path)
    const inOrder = { '/in-pieces': ['asked', 'head', 'the rest'], '/later': ['asked', 'the rest', 'head'] }[path]
    expect(events).toEqual(inOrder ?? ['asked', 'the rest', 'head'])
  })

  it('answers a HEAD with the headers of the GET, and no body, whatever it does with the body', async () => {
    const head = requestOf(`HEAD ${path}`, 'Connection: close')
    const filter = await ask(
      around(
        changed((r) => filterBody(r, loudly)),
        site(),
      ),
      head,
    )
    const replaced = await ask(
      around(
        changed((r) => replaceBody(r, 'other')),
        site(),
      ),
      head,
    )
    for (const answer of [filter, replaced]) {
      expect([answer.status, answer.field('x-app')]).toEqual([201, 'app'])
      expect(answer.wire.endsWith('\r\n\r\n')).toBe(true)
    }
  })
})

describe('the body at hand', () => {
  it.each([
    ['/at-once', 'hello world'],
    ['/plain', 'hello world'],
    ['/in-pieces', undefined],
  ])('%s: %s', async (path, expected) => {
    const bodies: unknown[] = []
    const look = changed((response) => {
      const body = wholeBody(response)
      bodies.push(body instanceof Uint8Array ? Buffer.from(body).toString() : body)
      return response
    })
    expect((await ask(around(look, site()), path)).text).toBe('hello world')
    expect(bodies).toEqual([expected])
  })
})

/** An app with the same answer in three ways, under Express and without; it tells when it has said all but the head. */
function site(events: string[] = []): Parameters<typeof around>[1] {
  const app = express()
  app.use((_, res, next) => {
    res.setHeader('X-App', 'app')
    res.setHeader('x-changed', 'old')
    res.setHeader('X-Removed', '1')
    res.setHeader('Set-Cookie', ['a=1', 'b=2'])
    res.statusCode = 201
    next()
  })
  app.get('/at-once', (_, res) => {
    events.push('the rest')
    res.type('text').send('hello world')
  })
  app.get('/later', async (_, res) => {
    await pause(5)
    events.push('the rest')
    res.type('text').send('hello world')
  })
  app.get('/in-pieces', async (_, res) => {
    await pause(5)
    res.write('hello ')
    await pause(5)
    events.push('the rest')
    res.end('world')
  })
  return (req, res) => {
    if (req.url !== '/plain') return app(req, res)
    events.push('the rest')
    const cookies = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']
    res.writeHead(201, ['X-App', 'app', 'x-changed', 'old', 'X-Removed', '1', ...cookies])
    res.end('hello world')
  }
}

/** Makes the text loud, and adds a sign at its end. */
function loudly(): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()),
    flush: (done) => done(null, '!'),
  })
}

function quote(): Transform {
  let begun = false
  return new Transform({
    transform(chunk, _encoding, done) {
      done(null, begun ? chunk : `<${String(chunk)}`)
      begun = true
    },
    flush: (done) => done(null, '>'),
  })
}

function loudlyForWeb(): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder()
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(encoder.encode(Buffer.from(chunk).toString().toUpperCase())),
    flush: (controller) => controller.enqueue(encoder.encode('!')),
  })
}
