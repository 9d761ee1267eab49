/**
 * Each event arrives, compressed, while the app waits to hear of it: not later, with others, or at the end.
 *
 * The app sends the next one only when the reader tells that it has the last, so what is held back hangs.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from '@jest/globals'
import { toNode } from '@outerware/core/node'
import { compression, type Encoding } from '@outerware/compression'
import { inBrowser } from '../browser/browser.ts'
import { listen, type Listening } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { EVENTS, expressEvents, fetchEvents, inOrder, type EventApp } from './events.ts'
import { open } from './http.ts'
import { decodeStream, turns } from './streams.ts'

let site: Listening
afterEach(() => site.close())

const codings: readonly Encoding[] = hasZstd ? ['zstd', 'br', 'gzip'] : ['br', 'gzip']
const apps: readonly (readonly [name: string, make: () => EventApp])[] = [
  ['a Fetch app', fetchEvents],
  ['Express', expressEvents],
]
const cases = apps.flatMap(([name, make]) => codings.map((coding) => [name, coding, make] as const))

async function start({ app }: EventApp, coding: Encoding): Promise<Listening> {
  return (site = await listen(toNode(compression({ encodings: [coding] })(app))))
}

describe.each(cases)('%s, by %s', (_name, coding, make) => {
  it('each event comes to a reader that takes one byte at a time', async () => {
    const app = make()
    const { port } = await start(app, coding)
    const message = await open(port, '/events', { 'accept-encoding': coding })
    expect(message.headers['content-encoding']).toBe(coding)
    const events = decodeStream(coding, slowly(message))
    for (let i = 1; i <= EVENTS; i++) {
      expect(await events.next(9)).toBe(`data: ${i}\n\n`)
      app.next()
    }
    expect(await events.next(1)).toBe('')
    expect(app.log).toEqual([...inOrder])
  })

  const hasCurl = spawnSync('curl', ['--version']).status === 0
  const withCurl = hasCurl || process.env['CI'] === 'true' ? it : it.skip

  withCurl('each event comes through curl', async () => {
    const app = make()
    const { url } = await start(app, coding)
    const fields = ['-H', `accept-encoding: ${coding}`]
    const curl = spawn('curl', ['--silent', '--no-buffer', '--compressed', ...fields, `${url}/events`])
    let text = ''
    for await (const chunk of curl.stdout) {
      text += chunk
      expect(text).toBe(Array.from({ length: app.log.length / 2 + 0.5 }, (_, i) => `data: ${i + 1}\n\n`).join(''))
      app.next()
    }
    if (curl.exitCode === null) await once(curl, 'exit')
    expect(app.log).toEqual([...inOrder])
  })
})

/** One byte in each turn of the event loop. */
async function* slowly(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      await turns(1)
      yield Uint8Array.of(byte)
    }
  }
}

inBrowser('in Chromium', (openWindow) => {
  it.each(cases)('each event of %s comes by %s', async (_name, coding, make) => {
    const app = make()
    const { port } = await start(app, coding)
    const { page, complaints } = await openWindow()
    await page.goto(`http://localhost:${port}/`)
    const answer = page.waitForResponse('**/events')
    const heard = await page.evaluate(`new Promise((resolve) => {
      const heard = []
      const source = new EventSource('/events')
      source.onmessage = async ({ data }) => {
        heard.push(data)
        await fetch('/next')
        if (heard.length === ${EVENTS}) resolve(heard)
      }
      source.onerror = () => source.close()
    })`)
    expect((await answer).headers()['content-encoding']).toBe(coding)
    expect(heard).toEqual(Array.from({ length: EVENTS }, (_, i) => String(i + 1)))
    expect(app.log).toEqual([...inOrder])
    expect(complaints).toEqual([])
  })
})
