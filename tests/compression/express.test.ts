import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import express, { type Response } from 'express'
import type { Listening } from '../support/index.ts'
import { around, ask, expectCoded, open } from './http.ts'
import { decodeStream } from './streams.ts'
import { noise, prose } from './support.ts'

const text = prose(8000)
const long = prose(300_000)
const folder = mkdtempSync(join(tmpdir(), 'compression-'))
writeFileSync(join(folder, 'page.html'), text)
writeFileSync(join(folder, 'image.png'), noise(8000))

const app = express()
const waiting: (() => void)[] = []
app.get('/send', (_req, res) => void res.send(text))
app.get('/json', (_req, res) => void res.json({ text }))
app.get('/small', (_req, res) => void res.send('hi'))
app.get('/end', (_req, res) => void res.type('text').end(text, 'latin1'))
app.get('/long', (_req, res) => void res.send(long))
app.get('/noise', (_req, res) => void res.type('text').send(noise(8000)))
app.get('/write', (_req, res) => {
  res.type('text')
  for (const part of text.match(/.{1,1000}/g)!) res.write(part)
  res.end()
})
app.get('/pipe', (_req, res) => void Readable.from([long.slice(0, 99_999), long.slice(99_999)]).pipe(res.type('text')))
app.get('/file', (_req, res) => res.sendFile('page.html', { root: folder }))
app.get('/image', (_req, res) => res.sendFile('image.png', { root: folder }))
app.get('/etag', (_req, res) => void res.set('etag', '"x"').send(text))
app.get('/coded', (_req, res) => void res.set('content-encoding', 'br').send(brotliCompressSync(noise(8000))))
app.get('/raw', (_req, res) => void res.set('cache-control', 'No-Transform').send(text))
app.get('/events', (_req, res) => {
  res.type('text/event-stream').flushHeaders()
  let count = 0
  waiting.push(() => (count < 3 ? res.write(`data: ${++count}\n\n`) : res.end()))
})
app.get('/page', (_req, res) => {
  res.type('html').write('<head></head>')
  waiting.push(() => res.end('<body></body>'))
})
app.get('/flush', (_req, res: Response & { flush?: () => void }) => {
  res.flush!()
  res.type('text/event-stream').write('data: 1\n\n')
  res.flush!()
  waiting.push(() => {
    res.end('data: 2\n\n')
    res.flush!()
  })
})
app.get('/break', (_req, res) => {
  res.type('html').write('<head></head>')
  waiting.push(() => res.destroy(new Error('the database left')))
})

let site: Listening
beforeAll(async () => void (site = await around(app)))
afterAll(() => site.close())

it.each([
  ['/send', text],
  ['/json', JSON.stringify({ text })],
  ['/end', text],
  ['/long', long],
  ['/write', text],
  ['/pipe', long],
  ['/file', text],
])('codes %s', async (path, wanted) => {
  for (const coding of ['gzip', 'br']) expectCoded(await ask(site, path, { 'accept-encoding': coding }), wanted, coding)
})

it.each(['/send', '/json', '/end'])('sends %s with its coded length', async (path) => {
  const { headers, bytes } = await ask(site, path)
  expect(headers['content-length']).toBe(String(bytes.byteLength))
})

it.each([
  ['/small', 'hi'],
  ['/raw', text],
  ['/noise', noise(8000).toString()],
])('sends %s bare, with its length', async (path, wanted) => {
  const answer = await ask(site, path)
  expect(answer.text).toBe(wanted)
  expect(answer.headers).not.toHaveProperty('content-encoding')
  expect(answer.headers['content-length']).toBe(String(answer.bytes.byteLength))
})

it.each(['/image', '/coded'])('does not touch %s', async (path) => {
  const answer = await ask(site, path)
  expect(answer.headers).not.toHaveProperty('vary')
  expect(answer.headers['content-length']).toBe(String(answer.bytes.byteLength))
  expect(answer.text).toBe(noise(8000).toString())
})

it('serves ranges of the bare file', async () => {
  const answer = await ask(site, '/file', { range: 'bytes=4-8' })
  expect(answer.status).toBe(206)
  expect(answer.headers).toMatchObject({ 'content-range': 'bytes 4-8/8000', 'content-length': '5' })
  expect(answer.headers.vary).toMatch(/accept-encoding/i)
  expect(answer.bytes.toString()).toBe('quick')
})

it('sends no part to a client whose tag is weak: it may have the beginning of the coded bytes (13.1.5)', async () => {
  const { headers } = await ask(site, '/file')
  const tag = headers.etag ?? ''
  expect(tag).toMatch(/^W\//)
  for (const coding of ['gzip', 'identity']) {
    const conditions = { range: 'bytes=4-8', 'if-range': tag, 'accept-encoding': coding }
    const again = await ask(site, '/file', conditions)
    expect([again.status, again.text]).toEqual([200, text])
  }
})

it('sends no part to a client with a date that the coded bytes share, once it went out or not (8.8.1, 13.1.5)', async () => {
  const modified = (await ask(site, '/file', {}, 'HEAD')).headers['last-modified'] ?? ''
  expect(modified).not.toBe('')
  for (const path of ['/file', '/file?2']) {
    const again = await ask(site, path, { range: 'bytes=4-8', 'if-range': modified })
    expect([again.status, again.text]).toEqual([200, text])
  }
})

it('sends a part of what always goes out bare to a client with its date, once it has sent it, be it a part', async () => {
  for (const [path, first] of [
    ['/image', {}],
    ['/image?2', { range: 'bytes=0-3' }],
  ] as const) {
    const modified = (await ask(site, path, first)).headers['last-modified'] ?? ''
    const again = await ask(site, path, { range: 'bytes=4-8', 'if-range': modified })
    expect([again.status, again.headers['content-range']]).toEqual([206, 'bytes 4-8/8000'])
    const other = { range: 'bytes=4-8', 'if-range': new Date(0).toUTCString() }
    expect((await ask(site, path, other)).status).toBe(200)
  }
})

it('sends no part by the date of what a filter has left bare for one client, and not for another', async () => {
  const own = await around(app, { filter: ({ headers }) => !headers.has('x-bare') })
  try {
    const { headers } = await ask(own, '/file', { 'x-bare': '1' })
    expect(headers).not.toHaveProperty('content-encoding')
    const again = await ask(own, '/file', { range: 'bytes=4-8', 'if-range': headers['last-modified']! })
    expect([again.status, again.headers['content-encoding']]).toEqual([200, 'gzip'])
  } finally {
    await own.close()
  }
})

it.each(['/etag', '/send', '/file', '/long'])('answers 304 to the entity tag that %s went out with', async (path) => {
  const first = await ask(site, path)
  const tag = first.headers.etag ?? ''
  expect(tag).toMatch(/^W\/"/)
  const again = await ask(site, path, { 'if-none-match': tag })
  expect(again.status).toBe(304)
  expect(again.headers.etag).toBe(tag)
  expect(again.headers.vary).toBe(first.headers.vary)
  expect(again.bytes.byteLength).toBe(0)
})

it.each(['/send', '/file', '/long', '/etag'])(
  'HEAD %s has the fields of GET, but for length and coding',
  async (path) => {
    const told = await ask(site, path, {}, 'HEAD')
    const got = await ask(site, path)
    expect(told.bytes.byteLength).toBe(0)
    expect(told.headers).not.toHaveProperty('content-length')
    for (const name of ['etag', 'vary', 'content-type', 'accept-ranges'])
      expect(told.headers[name]).toBe(got.headers[name])
  },
)

it('HEAD of a body below the threshold has the length of GET', async () => {
  expect((await ask(site, '/small', {}, 'HEAD')).headers['content-length']).toBe('2')
})

it('keeps the connection for the next request, whatever went over it', async () => {
  const answers = []
  for (const path of ['/send', '/long', '/small', '/write', '/send']) {
    answers.push((await fetch(site.url + path, { headers: { 'accept-encoding': 'gzip' } })).text())
  }
  expect(await Promise.all(answers)).toEqual([text, long, 'hi', text, text])
})

it.each(['gzip', 'br'] as const)('sends the head before any event, and each event at once, by %s', async (coding) => {
  const message = await open(site.port, '/events', { 'accept-encoding': coding })
  expect(message.headers['content-encoding']).toBe(coding)
  const events = decodeStream(coding, message)
  const write = waiting.pop()!
  for (const event of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
    write()
    expect(await events.next(event.length)).toBe(event)
  }
  write()
  expect(await events.next(1)).toBe('')
})

it('has the flush() that apps of the compression middleware call: before the head, after a write, after the end', async () => {
  const events = decodeStream('gzip', await open(site.port, '/flush'))
  expect(await events.next(9)).toBe('data: 1\n\n')
  waiting.pop()!()
  expect(await events.next(9)).toBe('data: 2\n\n')
  expect(await events.next(1)).toBe('')
})

it('sends the first part of a page while the app works on the rest', async () => {
  const page = decodeStream('gzip', await open(site.port, '/page'))
  expect(await page.next(13)).toBe('<head></head>')
  waiting.pop()!()
  expect(await page.next(13)).toBe('<body></body>')
})

it('cuts the connection when the app breaks off, so that no page looks whole', async () => {
  const message = await open(site.port, '/break')
  const broken = (async () => {
    for await (const _chunk of message) waiting.pop()?.()
  })()
  await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET' })
})
