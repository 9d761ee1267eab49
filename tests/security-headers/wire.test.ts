/**
 * Policies and nonces as they stand on the wire of HTTP/1.1, byte for byte.
 */
import { Readable } from 'node:stream'
import { constants, gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import { compression } from '@outerware/compression'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { noncePlaceholder, securityHeaders, type SecurityHeadersOptions } from '@outerware/security-headers'
import express from 'express'
import { connect } from 'node:net'
import { fieldOf, readMessage, type Message } from '../hosts/harness/message.ts'
import { exchange, listen, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

async function start(app: App): Promise<Listening> {
  const server = await listen(toNode(app))
  servers.push(server)
  return server
}

async function ask(server: Listening, ...fields: string[]): Promise<Message> {
  const head = ['GET / HTTP/1.1', 'Host: site.test', 'Connection: close', ...fields].join('\r\n')
  const { bytes } = await exchange(server.port, `${head}\r\n\r\n`)
  const message = readMessage(bytes, 0, 'GET', true)
  if (message === undefined) throw new Error('No answer')
  return message
}

const enforced = 'content-security-policy'
const reported = 'content-security-policy-report-only'
const countOf = ({ fields }: Message, name: string): number =>
  fields.filter(([field]) => field.toLowerCase() === name).length

describe('functions in an enforced and a reported policy', () => {
  const options: SecurityHeadersOptions = {
    nonce: true,
    contentSecurityPolicy: { directives: { imgSrc: [(req) => `https://${String(req.headers['x-tenant'])}.example`] } },
    contentSecurityPolicyReportOnly: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        connectSrc: [
          (_req, res) => `https://${String(Reflect.get(Object(Reflect.get(res, 'locals')), 'api') ?? 'api')}.example`,
        ],
      },
    },
  }
  const inExpress = express()
  inExpress.use((req, res, next) => {
    res.locals['api'] = `${req.get('x-tenant')}-api`
    next()
  })
  inExpress.get('/', (_req, res) => void res.send('hello'))

  it.each<[string, App, (tenant: string) => string]>([
    ['Express', fromNode(inExpress), (tenant) => `${tenant}-api`],
    ['a function', () => respond('hello'), () => 'api'],
  ])('are called for each request, over %s, and each policy stands there once', async (_name, app, api) => {
    const server = await start(securityHeaders(options)(app))
    const nonces = new Set<string>()
    for (const tenant of ['red', 'blue', 'red']) {
      const message = await ask(server, `X-Tenant: ${tenant}`)
      expect([countOf(message, enforced), countOf(message, reported)]).toEqual([1, 1])
      const policy = fieldOf(message, enforced) ?? ''
      expect(policy).toContain(`;img-src https://${tenant}.example;`)
      const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
      // The reported policy has no script-src, and so no default for the nonce but 'none'.
      expect(fieldOf(message, reported)).toBe(
        `default-src 'none';connect-src https://${api(tenant)}.example;script-src 'nonce-${nonce}';style-src 'nonce-${nonce}'`,
      )
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(3)
  })
})

const word = noncePlaceholder()
const page = `<!doctype html><p>${'ü'.repeat(700)}</p><script nonce="${word}">1</script><script nonce="${word}"></script>`
const bytes = Buffer.from(page)
const first = bytes.indexOf(word)

/** The page in pieces: the first word is cut in three, and the second just before its last letter. */
function* pieces(): Generator<Buffer> {
  const cuts = [first + 3, first + 20, bytes.lastIndexOf(word) + word.length - 1, bytes.length]
  let from = 0
  for (const cut of cuts) yield bytes.subarray(from, (from = cut))
}

const streamed = express()
streamed.get('/', (_req, res) => {
  res.type('html')
  for (const piece of pieces()) res.write(piece)
  res.end()
})
const html = { 'content-type': 'text/html; charset=utf-8' }
const onions: Record<string, Wrapper> = {
  inside: compose(securityHeaders({ nonce: true }), compression()),
  outside: compose(compression(), securityHeaders({ nonce: true })),
}
const apps: [string, App][] = [
  ['Express, in pieces', fromNode(streamed)],
  ['a Node stream', () => respond(Readable.from(pieces()), { headers: html })],
  ['a web stream', () => new Response(Readable.toWeb(Readable.from(pieces())) as ReadableStream, { headers: html })],
  ['a whole page', () => respond(page, { headers: html })],
]

describe.each(apps)('the placeholder over %s', (_name, app) => {
  const nonceOf = (message: Message): string => /'nonce-([^']+)'/.exec(fieldOf(message, enforced) ?? '')?.[1] ?? 'none'

  it('is the nonce of the policy on the wire', async () => {
    const message = await ask(await start(securityHeaders({ nonce: true })(app)))
    expect(message.body.toString()).toBe(page.replaceAll(word, nonceOf(message)))
    expect(message.complete).toBe(true)
  })

  it.each([
    ['inside', 'gzip', (body: Buffer) => gunzipSync(body)],
    ['inside', 'identity', (body: Buffer) => body],
    ['outside', 'gzip', (body: Buffer) => gunzipSync(body)],
    ['outside', 'identity', (body: Buffer) => body],
  ])('is so with compression() %s, as %s', async (place, coding, decode) => {
    const server = await start(onions[place]!(app))
    const message = await ask(server, `Accept-Encoding: ${coding}`)
    expect(fieldOf(message, 'content-encoding') ?? 'identity').toBe(coding)
    expect(decode(message.body).toString()).toBe(page.replaceAll(word, nonceOf(message)))
    expect(message.complete).toBe(true)
  })
})

it.each([
  ['gzip', 'inside'],
  ['gzip', 'outside'],
  ['identity', 'inside'],
])('what a stream has said is on the wire before it says more, as %s, with compression() %s', async (coding, place) => {
  let goOn = (): void => {}
  const more = new Promise<void>((resolve) => (goOn = resolve))
  async function* slowly(): AsyncGenerator<Buffer> {
    yield bytes.subarray(0, first + 5)
    await more
    yield bytes.subarray(first + 5)
  }
  const app: App = () => respond(Readable.from(slowly()), { headers: html })
  const server = await start(onions[place]!(app))
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: ${coding}\r\nConnection: close\r\n\r\n`)
  const heard: Buffer[] = []
  for await (const chunk of socket) {
    heard.push(chunk)
    const body = readMessage(Buffer.concat(heard), 0, 'GET', false)?.body ?? Buffer.alloc(0)
    const text = coding === 'gzip' && body.length > 0 ? gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH }) : body
    // All but what may be the beginning of the word.
    if (text.toString().endsWith('<script nonce="')) goOn()
  }
  expect(Buffer.concat(heard).toString('latin1')).toMatch(/0\r\n\r\n$/)
})
