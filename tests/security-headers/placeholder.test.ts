import { Readable } from 'node:stream'
import { afterAll, expect, it } from '@jest/globals'
import { respond, type App, type Body } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { noncePlaceholder, securityHeaders } from '@outerware/security-headers'
import express from 'express'
import { exchange, get, listen, testContext, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

const wrapper = securityHeaders({ nonce: true })
const html = { 'content-type': 'text/html; charset=utf-8' }
const word = noncePlaceholder()
const page = `<p>\u00fc</p><script nonce="${word}">1</script>\n<script nonce="${word}"></script>`

function nonceIn(response: Response): string {
  return /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? 'none'
}

async function through(
  body: Body,
  headers: Record<string, string> = html,
): Promise<[text: string, nonce: string, Response]> {
  const response = await wrapper(() => respond(body, { headers }))(get(), testContext())
  const nonce = nonceIn(response)
  return [await response.text(), nonce, response]
}

const bytes = new TextEncoder().encode(page)
function* pieces(...cuts: number[]): Generator<Uint8Array> {
  let from = 0
  for (const cut of [...cuts, bytes.length]) yield bytes.slice(from, (from = cut))
}

it('is of the length of a nonce, and nothing in it needs an escape', () => {
  expect(word).toMatch(/^[A-Za-z0-9]{24}$/)
  expect(noncePlaceholder()).toBe(word)
})

it.each<[string, () => Body]>([
  ['a string', () => page],
  ['bytes', () => bytes],
  ['a web stream', () => new Response(page).body],
  ['a Node stream', () => Readable.from(pieces(40))],
])('is replaced by the nonce of the policy in %s', async (_name, body) => {
  const [text, nonce] = await through(body())
  expect(text).toBe(page.replaceAll(word, nonce))
})

it('is replaced wherever it is split, and into however many pieces', async () => {
  const from = bytes.indexOf(word.charCodeAt(0)) - 2
  for (let cut = from; cut < from + word.length + 4; cut++) {
    for (const cuts of [[cut], [cut, cut + 1], [cut, cut + 1, cut + 2, cut + 9]]) {
      const [text, nonce] = await through(Readable.from(pieces(...cuts)))
      expect(text).toBe(page.replaceAll(word, nonce))
    }
  }
})

it('what only begins like it goes out as it was', async () => {
  const alike = `${word.slice(0, 10)}${word.slice(0, 23)}!${word.slice(0, 5)}`
  for (let cut = 1; cut < alike.length; cut++) {
    const [text] = await through(
      Readable.from([alike.slice(0, cut), alike.slice(cut)].map((part) => Buffer.from(part))),
    )
    expect(text).toBe(alike)
  }
})

it('holds back no more than what may be its beginning', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const response = await wrapper(() => respond(readable, { headers: html }))(get(), testContext())
  const reader = response.body!.getReader()
  const writer = writable.getWriter()
  void writer.write(new TextEncoder().encode(`<p>first${word.slice(0, 3)}`))
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('<p>first')
  void writer.write(new TextEncoder().encode('<p>second'))
  expect(new TextDecoder().decode((await reader.read()).value)).toBe(`${word.slice(0, 3)}<p>second`)
  await reader.cancel()
})

it.each([
  ['other types', { 'content-type': 'application/json' }],
  ['types that only begin like HTML', { 'content-type': 'text/html5' }],
  ['what is compressed already', { ...html, 'content-encoding': 'gzip' }],
])('leaves %s as they are', async (_name, headers) => {
  const [text] = await through(page, headers)
  expect(text).toBe(page)
})

it('weakens a strong tag, drops digests and keeps the length: the bytes differ, their number does not', async () => {
  const headers = { ...html, etag: '"a"', 'content-length': String(bytes.length), 'repr-digest': 'sha-256=:AA==:' }
  for (const body of [page, Readable.from(pieces(40))]) {
    const [, , response] = await through(body, headers)
    expect(response.headers.get('etag')).toBe('W/"a"')
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(response.headers.has('repr-digest')).toBe(false)
  }
})

it('leaves the tag of a page without it', async () => {
  const [text, , response] = await through('<p>none here</p>', { ...html, etag: '"a"' })
  expect(text).toBe('<p>none here</p>')
  expect(response.headers.get('etag')).toBe('"a"')
})

it.each([
  ['W/"a"', 'W/"a"'],
  ['"a"', '"a"'],
])('a 304 names the tag as the client does, %s', async (known, etag) => {
  const site = wrapper(() => respond(null, { status: 304, headers: { etag: '"a"' } }))
  const response = await site(get('/', { 'if-none-match': known }), testContext())
  expect(response.headers.get('etag')).toBe(etag)
})

it('is not replaced where there is no nonce', async () => {
  const response = await securityHeaders()(() => respond(page, { headers: html }))(get(), testContext())
  expect(await response.text()).toBe(page)
})

const express5 = express()
express5.get('/whole', (_req, res) => void res.send(page))
express5.get('/streamed', (_req, res) => {
  res.type('html').set('Content-Length', String(bytes.length))
  for (const piece of pieces(24, 30)) res.write(piece)
  setImmediate(() => res.end())
})
const sites: [string, App][] = [
  ['Express', fromNode(express5)],
  [
    'a function',
    (request) => respond(request.url.endsWith('whole') ? page : Readable.from(pieces(30)), { headers: html }),
  ],
]

it.each(sites)('is replaced on the wire, whole and streamed, over %s', async (_name, app) => {
  const server = await listen(toNode(wrapper(app)))
  servers.push(server)
  for (const path of ['/whole', '/streamed']) {
    const response = await fetch(server.url + path)
    expect(await response.text()).toBe(page.replaceAll(word, nonceIn(response)))
  }
  const { text } = await exchange(server.port, 'HEAD /whole HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
})

it.each([
  ['text/html', { 'content-range': 'bytes 0-9/400' }, 'bytes */400'],
  ['multipart/byteranges; boundary=a', {}, null],
])('no part of what may be a page goes out: %s', async (type, fields, range) => {
  const part: App = () => respond('part', { status: 206, headers: { 'content-type': type, ...fields } })
  const response = await wrapper(part)(get(), testContext())
  expect([response.status, response.headers.get('content-range')]).toEqual([416, range])
  expect(nonceIn(response)).not.toBe('none')
  expect(await response.text()).not.toContain('part')
})

it('a part of anything else goes out', async () => {
  const headers = { 'content-type': 'video/mp4', 'content-range': 'bytes 0-3/400' }
  const response = await wrapper(() => respond('part', { status: 206, headers }))(get(), testContext())
  expect([response.status, await response.text()]).toEqual([206, 'part'])
})

it('asks the app for one part only', async () => {
  const seen: (string | null)[] = []
  const app: App = (request) => {
    seen.push(request.headers.get('range'))
    return respond('whole')
  }
  for (const range of ['bytes=0-0,2-2', 'bytes=0-0']) await wrapper(app)(get('/', { range }), testContext())
  expect(seen).toEqual([null, 'bytes=0-0'])
})
