import type { RequestListener, ServerResponse } from 'node:http'
import { afterEach, expect, it } from '@jest/globals'
import { editHeaders, prepareHeaders, respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { exchange, listen, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))))

const body = Buffer.from('hello')
const fields = [
  ['Content-Type', 'text/css'],
  ['x-B', 'ü, "quoted"'],
  ['Content-Length', '5'],
  ['ETag', '"1"'],
] as const

/** What comes back over one connection for each of the requests, without the date. */
async function ask(listener: RequestListener, ...requests: string[]): Promise<string> {
  const server = await listen(listener)
  servers.push(server)
  const last = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
  const { text } = await exchange(server.port, [...requests, last].join(''))
  return text.replaceAll(/^Date: .*\r\n/gm, '')
}

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const head = get.replace('GET', 'HEAD')

const prepared = (list: Iterable<readonly [string, string]> = fields, status = 200): App => {
  const headers = prepareHeaders(list)
  return ({ method }) => respond(method === 'HEAD' || status === 304 ? null : body, { status, headers })
}
/** The same fields, each time anew. */
const plain = (list: Iterable<readonly [string, string]> = fields, status = 200): App => {
  const headers = [...list]
  return ({ method }) => respond(method === 'HEAD' || status === 304 ? null : body, { status, headers })
}

it.each<[string, readonly (readonly [string, string])[], number]>([
  ['in their order and case', fields, 200],
  ['where a name stands twice', [...fields, ['Link', '</a>'], ['X-C', '1'], ['Link', '</b>']], 200],
  ['where a name looks like an index', [...fields, ['7', 'a'], ['1', 'b']], 200],
  [
    'where a name is one of every object',
    [...fields, ['constructor', 'a'], ['__proto__', 'b'], ['toString', 'c']],
    200,
  ],
  ['without a length', fields.filter(([name]) => name !== 'Content-Length'), 200],
  ['with a connection that is closed', [...fields, ['Connection', 'close']], 200],
  ['with a date', [...fields, ['Date', 'Sun, 06 Nov 1994 08:49:37 GMT']], 200],
  ['with a cookie', [...fields, ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']], 200],
  ['of an error', fields, 404],
  ['of a 304', [['ETag', '"1"']], 304],
  ['none at all', [], 200],
])('prepared fields are, byte for byte, what the same fields are that were not: %s', async (_name, list, status) => {
  const requests = [get, head, get, head]
  const bytes = await ask(toNode(prepared(list, status)), ...requests)
  expect(bytes).toBe(await ask(toNode(plain(list, status)), ...requests))
  for (const [name, value] of list) if (name !== 'Date') expect(bytes).toContain(`${name}: ${value}\r\n`)
})

it('what is done to one response is not seen by the next', async () => {
  const app = prepared()
  let count = 0
  const edited: App = async (request, context) => {
    const response = await app(request, context)
    return count++ === 1 ? editHeaders(response, (headers) => headers.set('x-b', 'changed')) : response
  }
  const bytes = await ask(toNode(edited), get, get)
  expect(bytes.match(/^x-b: .*$/gim)).toEqual(['x-B: ü, "quoted"', 'x-B: changed', 'x-B: ü, "quoted"'])
})

it('who listens on `res` cannot change those of the next response', async () => {
  const listener = toNode(prepared())
  const bytes = await ask((req, res) => {
    res.on('finish', () => {
      for (const late of [() => res.setHeader('etag', '"2"'), () => res.removeHeader('etag')]) {
        expect(late).toThrow(/after they are sent/)
      }
    })
    listener(req, res)
  }, get)
  expect(bytes.match(/^etag: .*$/gim)).toEqual(['ETag: "1"', 'ETag: "1"'])
})

it('a `writeHead` of somebody else finds them set, as middleware knows them', async () => {
  const listener = toNode(prepared())
  const seen: unknown[] = []
  await ask((req, res) => {
    const { writeHead } = res
    const patched = (...said: unknown[]): ServerResponse => {
      seen.push(said, res.getHeaders())
      return Reflect.apply(writeHead, res, said)
    }
    listener(req, Object.assign(res, { writeHead: patched }))
  })
  const lowered = fields.map(([name, value]) => [name.toLowerCase(), value])
  expect(seen).toEqual([[200, undefined], expect.objectContaining(Object.fromEntries(lowered))])
})

it('fields that were set before they come stay', async () => {
  const listener = toNode(prepared())
  const bytes = await ask((req, res) => {
    res.setHeader('X-Powered-By', 'Express')
    listener(req, res)
  }, get)
  expect(bytes.match(/^(?:x-powered-by|etag): .*$/gim)).toEqual(
    Array.from({ length: 2 }, () => ['X-Powered-By: Express', 'ETag: "1"']).flat(),
  )
})
