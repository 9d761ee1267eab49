// What the light response promises, seen from the other end of a socket.
import { createReadStream } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { editStatus, filterBody, replaceBody, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { exchange, listen, streamOf, turns, type Exchange, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** Asks an app once, and tells what came over the wire, and what the host heard. */
async function ask(app: App, method = 'GET'): Promise<Exchange & { errors: unknown[]; head: string; body: string }> {
  const errors: unknown[] = []
  const server = await listen(toNode(app, { onError: (error) => void errors.push(error) }))
  servers.push(server)
  const bytes = `${method} / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n`
  const answer = await exchange(server.port, bytes)
  const [head = '', ...body] = answer.text.split('\r\n\r\n')
  return { ...answer, errors, head, body: body.join('\r\n\r\n') }
}

/** Lets the loop turn before it gives the response on, as a wrapper does that looks something up. */
const late: Wrapper = (app) => async (request, context) => {
  const response = await app(request, context)
  await turns(5)
  return response
}

describe('a light response over a socket', () => {
  it.each<[string, () => Response]>([
    ['a text', () => respond('hello')],
    ['bytes', () => respond(Buffer.from('hello'))],
    ['a web stream', () => respond(streamOf('he', 'llo'))],
    ['a Node stream', () => respond(Readable.from(['he', 'llo']))],
    ['a stream that somebody has asked for', () => (void respond('hello').body, respond('hello'))],
    ['one that was cloned', () => cloned(respond('hello'))],
    ['a web stream that was cloned', () => cloned(respond(streamOf('he', 'llo')))],
    ['a Node stream that was cloned', () => cloned(respond(Readable.from(['he', 'llo'])))],
    ['one that was replaced', () => replaceBody(respond(Readable.from(['old'])), 'hello')],
    ['one that is filtered', () => filterBody(respond(Readable.from(['he', 'llo'])), () => new PassThrough())],
    ['one that is filtered late', () => filteredLate(respond('hello'))],
  ])('comes out whole, at once and late: %s', async (_, make) => {
    for (const wrapper of [(app: App) => app, late]) {
      const { head, body, errors, end } = await ask(wrapper(make))
      expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
      expect(body.replaceAll(/(^|\r\n)[0-9a-f]+\r\n/g, '').replaceAll('\r\n', '')).toBe('hello')
      expect([errors, end]).toEqual([[], 'fin'])
    }
  })

  it.each([204, 205, 304])('has no body after editStatus() to %d', async (status) => {
    const { head, body } = await ask(() => editStatus(respond('hello'), status))
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(body.replace('0\r\n\r\n', '')).toBe('')
  })

  it.each<[string, App]>([
    ['light', () => respond('hello')],
    ['native', () => new Response('hello')],
    ["a Node app's", fromNode((_, res) => void res.end('hello'))],
  ])('of which a wrapper has read the body is an error, and never looks empty: %s', async (_, app) => {
    const reading: App = async (request, context) => {
      const response = await app(request, context)
      await response.text()
      return response
    }
    const { head, errors } = await ask(reading)
    expect(head).toMatch(/^HTTP\/1\.1 500 /)
    expect(errors).toEqual([expect.objectContaining({ name: 'TypeError' })])
  })
})

describe('a Node stream that fails while nobody reads it yet', () => {
  /** Makes a response of a stream, and gives it on once the stream is closed. */
  const closed = async (source: Readable, make: (source: Readable) => Response): Promise<Response> => {
    const response = make(source)
    await new Promise((resolve) => void source.on('close', resolve))
    return response
  }
  const missing = (): Readable => createReadStream('/there/is/no/such/file')
  const cut = (): Readable => {
    const source = new Readable({ read() {} })
    source.push('he')
    return source.destroy()
  }
  const filtered = (source: Readable): Response => filterBody(respond(source), () => new PassThrough())
  const read = async (source: Readable): Promise<Response> => {
    source.resume()
    await turns(5)
    return respond(source)
  }
  const overNode = fromNode((_, res) => void res.end('hello'))

  it.each<[string, App, RegExp]>([
    ['fails', () => closed(missing(), respond), /^ENOENT/],
    ['fails, behind a filter', () => closed(missing(), filtered), /^ENOENT/],
    [
      "fails, in the place of a Node app's body",
      async (request, context) => {
        const response = await overNode(request, context)
        return closed(missing(), (source) => replaceBody(response, source))
      },
      /^ENOENT/,
    ],
    ['is cut', () => closed(cut(), respond), /^The body ended before its time$/],
    ['was read', () => read(Readable.from(['he'])), /^The body ended before its time$/],
    ['was read, and closes never', () => read(Readable.from(['he'], { autoDestroy: false })), /^The body ended before/],
    ['is cut, behind a filter', () => closed(cut(), filtered), /^The body ended before its time$/],
  ])('is an error that the host hears of: it %s', async (_, app, message) => {
    const { text, errors, end } = await ask(app)
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })])
    // Whether the head was out by then or not, nothing looks like a whole body.
    expect(text).not.toMatch(/^HTTP\/1\.1 200 [^]*\r\n0\r\n\r\n$/)
    expect(end).not.toBe('timeout')
  })

  it('that fails once its head is out cuts the connection', async () => {
    const source = new Readable({ read() {} })
    source.push('he')
    const app: App = () => {
      setTimeout(() => source.destroy(new Error('broken')), 20)
      return respond(source)
    }
    const { head, body, end } = await ask(app)
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(body).toBe('2\r\nhe\r\n')
    expect(end).not.toBe('timeout')
  })
})

function cloned(response: Response): Response {
  response.clone()
  return response
}

function filteredLate(response: Response): Response {
  void response.body
  return filterBody(response, () => new PassThrough())
}

describe("a request's body that an app does not read to its end", () => {
  const long = 'x'.repeat(300_000)
  const upload = `POST / HTTP/1.1\r\nHost: site.test\r\nContent-Length: ${long.length}\r\n\r\n${long}`
  const next = 'GET /next HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n'

  it.each<[string, (request: Request) => Promise<void>]>([
    ['is not touched', async () => {}],
    ['is cancelled', async (request) => request.body!.cancel()],
    [
      'is cancelled half way',
      async (request) => {
        const reader = request.body!.getReader()
        await reader.read()
        await reader.cancel()
      },
    ],
    [
      'is left half way, by a loop',
      async (request) => {
        for await (const _ of request.body!) break
      },
    ],
    [
      'is cancelled while a read is under way',
      async (request) => {
        const reader = request.body!.getReader()
        const reads = Array.from({ length: 3 }, () => reader.read())
        await Promise.all([reads[0], reader.cancel()])
      },
    ],
  ])('is answered all the same, and so is the next request on the connection: it %s', async (_, read) => {
    const app: App = async (request) => {
      if (request.method === 'GET') return respond('next')
      await read(request)
      return respond('too much', { status: 413 })
    }
    const server = await listen(toNode(app))
    servers.push(server)
    const { text, end } = await exchange(server.port, [upload, next], { pauseMs: 50 })
    expect(text).toMatch(/^HTTP\/1\.1 413 [^]*too muchHTTP\/1\.1 200 OK[^]*next$/)
    expect(end).toBe('fin')
  })
})
