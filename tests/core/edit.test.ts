import { Readable } from 'node:stream'
import { createServer } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { editHeaders, editStatus, replaceBody, respond, upgrade, wholeBody } from '@outerware/core'
import { listen, streamOf, textOf, turns } from '../support/index.ts'

/** One response of every kind that an app may give, each with the text `hello` and one cookie. */
const kinds: [string, () => Response][] = [
  ['light', () => respond('hello', { headers: { 'set-cookie': 'a=1', 'content-length': '5' } })],
  ['native', () => new Response('hello', { headers: { 'set-cookie': 'a=1', 'content-length': '5' } })],
  ['immutable', () => immutable(new Response('hello', { headers: { 'set-cookie': 'a=1', 'content-length': '5' } }))],
]

/** As fetch() gives it: any change of its headers throws. */
function immutable(response: Response): Response {
  for (const name of ['set', 'append', 'delete']) {
    Object.defineProperty(response.headers, name, {
      value() {
        throw new TypeError('immutable')
      },
    })
  }
  return response
}

describe('editHeaders(response, edit)', () => {
  it.each(kinds)('gives a response that has what the edit says: %s', async (_, make) => {
    const response = editHeaders(make(), (headers) => {
      headers.set('x-set', '1')
      headers.append('set-cookie', 'b=2')
      headers.delete('content-length')
    })
    expect([...response.headers]).toEqual([
      ['content-type', 'text/plain;charset=UTF-8'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['x-set', '1'],
    ])
    expect(await response.text()).toBe('hello')
  })

  it.each(kinds.slice(0, 2))('gives the same object where headers can be changed: %s', (_, make) => {
    const response = make()
    expect(editHeaders(response, (headers) => headers.set('a', 'b'))).toBe(response)
  })

  it('leaves the body of a light response whole', () => {
    const response = editHeaders(respond('hello'), (headers) => headers.set('a', 'b'))
    expect(wholeBody(response)).toBe('hello')
  })

  it('copies a redirect, which is immutable', () => {
    const redirect = Response.redirect('http://site.test/there', 303)
    const response = editHeaders(redirect, (headers) => headers.set('a', 'b'))
    expect([response.status, response.body, ...response.headers]).toEqual([
      303,
      null,
      ['a', 'b'],
      ['location', 'http://site.test/there'],
    ])
    expect(redirect.headers.has('a')).toBe(false)
  })

  it('copies what fetch() gave, which is immutable, with its status, reason and body', async () => {
    const server = await listen(
      createServer((_, res) =>
        res
          .writeHead(
            404,
            'Not Here',
            [
              ['Set-Cookie', 'a=1'],
              ['Set-Cookie', 'b=2'],
            ].flat(),
          )
          .end('hello'),
      ),
    )
    try {
      const response = editHeaders(await fetch(server.url), (headers) => headers.set('x-set', '1'))
      expect([response.status, response.statusText, response.headers.get('x-set')]).toEqual([404, 'Not Here', '1'])
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
      expect(await response.text()).toBe('hello')
    } finally {
      await server.close()
    }
  })

  it('gives a network error as it is: a copy would be another thing', () => {
    const response = Response.error()
    expect(editHeaders(response, (headers) => headers.set('a', 'b'))).toBe(response)
  })

  it('gives an immutable 101 as it is: its socket hangs on the object', () => {
    const response = immutable(new Response())
    // No script can make one with the constructor.
    Object.defineProperty(response, 'status', { value: 101 })
    expect(editHeaders(response, (headers) => headers.set('a', 'b'))).toBe(response)
  })

  it('changes an upgrade in place', () => {
    const response = upgrade(() => {})
    expect(editHeaders(response, (headers) => headers.set('a', 'b'))).toBe(response)
    expect(response.headers.get('a')).toBe('b')
  })

  it.each(kinds)('what the edit throws comes out, the very same object: %s', (_, make) => {
    const reason = new Error('mine')
    const edit = (): never => {
      throw reason
    }
    expect(() => editHeaders(make(), edit)).toThrow(reason)
  })

  it('an edit that fails is not tried again where the headers can be changed', () => {
    let tries = 0
    const edit = (): never => {
      tries += 1
      throw new Error('mine')
    }
    expect(() => editHeaders(new Response('a'), edit)).toThrow('mine')
    expect(tries).toBe(1)
  })

  it.each(kinds)('a value that HTTP does not allow throws a TypeError: %s', (_, make) => {
    expect(() => editHeaders(make(), (headers) => headers.set('a', 'b\nc'))).toThrow(
      expect.objectContaining({ name: 'TypeError' }),
    )
  })
})

describe('editStatus(response, status, statusText)', () => {
  it.each(kinds)('changes both, and nothing else: %s', async (_, make) => {
    const response = editStatus(make(), 503, 'Closed for lunch')
    expect([response.status, response.statusText, response.ok]).toEqual([503, 'Closed for lunch', false])
    expect(response.headers.getSetCookie()).toEqual(['a=1'])
    expect(response.headers.get('content-length')).toBe('5')
    expect(await response.text()).toBe('hello')
  })

  it.each(kinds)('the standard reason phrase, if none is given: %s', (_, make) => {
    expect(editStatus(editStatus(make(), 200, 'Fine'), 404).statusText).toBe('')
  })

  it('gives the same object where it can be changed', () => {
    const response = respond('a')
    expect(editStatus(response, 404)).toBe(response)
  })

  it.each([204, 205, 304])('with %d, which has no body, the body is given up', async (status) => {
    for (const [, make] of kinds) {
      const response = editStatus(make(), status)
      expect([response.status, response.body, wholeBody(response), await response.text()]).toEqual([
        status,
        null,
        null,
        '',
      ])
      expect(response.headers.has('content-length')).toBe(false)
    }
    const source = Readable.from(['a'])
    editStatus(respond(source), status)
    expect(source.destroyed).toBe(true)
  })

  it.each([0, 99, 100, 101, 199, 600, 200.5, Number.NaN, '404'])('refuses %p', (status) => {
    for (const [, make] of kinds) {
      expect(() => editStatus(make(), status as number)).toThrow(expect.objectContaining({ name: 'RangeError' }))
    }
  })

  it('refuses a reason phrase that would break the message', () => {
    for (const [, make] of kinds) {
      expect(() => editStatus(make(), 200, 'OK\r\nset-cookie: a')).toThrow(
        expect.objectContaining({ name: 'TypeError' }),
      )
    }
  })
})

describe('wholeBody(response)', () => {
  const bytes = new Uint8Array([1, 2])

  it.each<[string, Response, unknown]>([
    ['the text of a light response', respond('a'), 'a'],
    ['an empty text', respond(''), ''],
    ['the very bytes of a light response', respond(bytes), bytes],
    ['null where there is no body', respond(), null],
    ['null for a native response without a body', new Response(), null],
    ['undefined for a web stream', respond(streamOf('a')), undefined],
    ['undefined for a Node stream', respond(Readable.from(['a'])), undefined],
    ['undefined for a native response, whose body is a stream', new Response('a'), undefined],
  ])('tells %s', (_, response, whole) => {
    expect(wholeBody(response)).toBe(whole)
  })

  it('takes nothing', async () => {
    const response = respond('a')
    wholeBody(response)
    expect([response.bodyUsed, await response.text()]).toEqual([false, 'a'])
  })

  it('is undefined once somebody has asked for the stream, or read it', async () => {
    const [asked, read] = [respond('a'), respond('a')]
    void asked.body
    await read.text()
    expect([wholeBody(asked), wholeBody(read)]).toEqual([undefined, undefined])
  })

  it('is the new body once it was replaced', () => {
    const response = respond(streamOf('a'))
    expect(wholeBody(replaceBody(response, 'b'))).toBe('b')
  })
})

describe('replaceBody(response, body)', () => {
  it.each(kinds)('puts another body in place, and Content-Length goes: %s', async (_, make) => {
    const response = replaceBody(make(), 'another')
    expect([response.status, await response.text()]).toEqual([200, 'another'])
    expect([...response.headers.keys()]).toEqual(['content-type', 'set-cookie'])
  })

  it.each<[string, () => Parameters<typeof replaceBody>[1], string]>([
    ['a text', () => 'new', 'new'],
    ['bytes', () => Buffer.from('new'), 'new'],
    ['a web stream', () => streamOf('n', 'ew'), 'new'],
    ['a Node stream', () => Readable.from(['n', 'ew']), 'new'],
    ['nothing', () => null, ''],
  ])('takes %s', async (_, body, text) => {
    for (const [, make] of kinds) expect(await replaceBody(make(), body()).text()).toBe(text)
  })

  it('gives the same object where it can be changed', () => {
    const response = respond('a')
    expect(replaceBody(response, 'b')).toBe(response)
  })

  it.each<[string, (body: ReadableStream<Uint8Array>) => Response]>([
    ['light', (body) => respond(body)],
    ['native', (body) => new Response(body)],
  ])('cancels the web stream that nobody will read: %s', async (_, make) => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) })
    replaceBody(make(body), 'b')
    await turns(2)
    expect(cancelled).toBe(true)
  })

  it('destroys the Node stream that nobody will read, also one that fails then', async () => {
    const source = new Readable({
      read() {},
      destroy: (_error, done) => done(new Error('cannot even close')),
    })
    replaceBody(respond(source), 'b')
    await turns(2)
    expect(source.destroyed).toBe(true)
  })

  it('a Node stream that fails before anybody reads ends nothing but its own body', async () => {
    for (const [, make] of kinds) {
      const source = new Readable({ read() {} })
      const response = replaceBody(make(), source)
      source.destroy(new Error('no such file'))
      await turns(2)
      await expect(response.text()).rejects.toThrow('no such file')
    }
  })

  it('a body of which somebody reads already is left to them', async () => {
    const response = respond(streamOf('a'))
    const old = response.body!.getReader()
    replaceBody(response, 'b')
    expect(Buffer.from((await old.read()).value!).toString()).toBe('a')
    expect(await response.text()).toBe('b')
  })

  it.each(kinds)('the own body, piped, may be the new one: %s', async (_, make) => {
    const response = make()
    const shouted = response.body!.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => controller.enqueue(Buffer.from(Buffer.from(chunk).toString().toUpperCase())),
      }),
    )
    expect(await replaceBody(response, shouted).text()).toBe('HELLO')
  })

  it.each(kinds)('the own body may be the new one: %s', async (_, make) => {
    const response = make()
    expect(await textOf(replaceBody(response, response.body).body)).toBe('hello')
  })

  it('a body that was read has another to read then', async () => {
    const response = respond('a')
    await response.text()
    replaceBody(response, 'b')
    expect([response.bodyUsed, await response.text()]).toEqual([false, 'b'])
  })
})
