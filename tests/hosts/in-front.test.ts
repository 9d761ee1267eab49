/** What stands in front of `writeHead` and adds fields: middleware on `res` itself, and agents on the prototype. */
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { addMissing, editHeaders, prepareHeaders, respond, type App, type Wrapper } from '@outerware/core'
import { fromConnect, fromNode, toConnect, toNode, type ConnectMiddleware } from '@outerware/core/node'
import express from 'express'
import { ServerResponse, type RequestListener } from 'node:http'
import { exchange, listen } from '../support/index.ts'
import { ask } from './harness/ask.ts'

type Fields = Readonly<Record<string, string>> | readonly string[][] | undefined

/** Does as on-headers did before 1.1 (in morgan 1.10, express-session 1.18): a list it takes for pairs. */
const old: ConnectMiddleware = (_req, res, next) => {
  const { writeHead } = res
  const patched = (status: number, fields: Fields): ServerResponse => {
    if (Array.isArray(fields)) for (const [name, value] of fields) res.setHeader(name!, value!)
    else for (const [name, value] of Object.entries(fields ?? {})) res.setHeader(name, value)
    res.setHeader('X-Front', '1')
    return writeHead.call(res, status)
  }
  Object.assign(res, { writeHead: patched })
  next()
}

const said: [string, string][] = [
  ['Content-Type', 'text/css'],
  ['Content-Length', '5'],
  ['Set-Cookie', 'a=1'],
  ['Vary', 'accept'],
]
const twice: [string, string][] = [...said, ['Set-Cookie', 'b=2']]
const body = Buffer.from('hello')
const added: Wrapper = (app) => async (request, context) =>
  editHeaders(await app(request, context), addMissing([['X-Added', '1']]))
const bare: RequestListener = (_req, res) => void res.writeHead(200, Object.fromEntries(said)).end(body)

const fetched: App = () => respond(body, { headers: twice })
const prepared = prepareHeaders(said)
const ready: App = () => respond(body, { headers: prepared })
const site = express().disable('x-powered-by').use(old).use(toConnect(fetched))
const inFrontOf =
  (listener: RequestListener): RequestListener =>
  (req, res) =>
    void old(req, res, () => listener(req, res))

describe('middleware on `res` that knows no flat list has every field', () => {
  it.each<[string, RequestListener]>([
    ['in front of a Fetch app', inFrontOf(toNode(fetched))],
    ['in front of prepared fields', inFrontOf(toNode(ready))],
    ['in front of a Node app, with a wrapper between', inFrontOf(toNode(added(fromNode(bare))))],
    ['as a wrapper of a Fetch app', toNode(fromConnect(old)(fetched))],
    ['as a wrapper of prepared fields', toNode(fromConnect(old)(ready))],
    ['as a wrapper of a Node app, with a wrapper between', toNode(fromConnect(old)(added(fromNode(bare))))],
    ['in the Express app that a Fetch app stands in', site],
  ])('%s', async (_where, listener) => {
    const { status, text, fields } = await ask(listener, '/')
    expect([status, text]).toEqual([200, 'hello'])
    expect(fields).toEqual(expect.arrayContaining([...said, ['X-Front', '1']]))
  })
})

it('nothing that was repeated is lost', async () => {
  const { fields } = await ask(inFrontOf(toNode(fetched)), '/')
  expect(fields.filter(([name]) => name === 'Set-Cookie').map(([, value]) => value)).toEqual(['a=1', 'b=2'])
})

describe('an agent that was there before us', () => {
  const { writeHead } = ServerResponse.prototype
  afterEach(() => void Object.assign(ServerResponse.prototype, { writeHead }))

  it('adds fields of its own to each answer, and none of them to the next', async () => {
    let count = 0
    Object.assign(ServerResponse.prototype, {
      writeHead(this: ServerResponse, ...given: unknown[]): unknown {
        this.setHeader('X-Trace', String(++count))
        this.appendHeader('Vary', `x-${count}`)
        return Reflect.apply(writeHead, this, given)
      },
    })
    jest.resetModules()
    const core = await import('@outerware/core')
    const node = await import('@outerware/core/node')
    const headers = core.prepareHeaders(said)
    const server = await listen(node.toNode(() => core.respond(body, { headers })))
    // The self-test of the first request says heads, too.
    await exchange(server.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const from = count
    const get = 'GET / HTTP/1.1\r\nHost: a\r\n'
    const { text } = await exchange(server.port, `${get}\r\n${get}Connection: close\r\n\r\n`)
    await server.close()
    const of = (name: string): string[] =>
      [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gim'))].map(([, value]) => value!)
    expect(of('X-Trace')).toEqual([String(from + 1), String(from + 2)])
    expect(of('Vary')).toEqual(['accept', `x-${from + 1}`, 'accept', `x-${from + 2}`])
    expect(of('Content-Type')).toEqual(['text/css', 'text/css'])
  })
})
