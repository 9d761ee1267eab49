/** Readers of a stream of events: curl, one that is slow, and Chromium. */
import { spawn } from 'node:child_process'
import { get, type IncomingMessage } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import type { Encoding } from '@outerware/compression'
import { chromium } from 'playwright-core'

/** What hears of each event. */
export interface Hearer {
  heard(): void
}

/** Reads the events of one connection, and tells of each. */
export type Reader = (url: string, coding: Encoding, line: Hearer) => Promise<void>

export const curl: Reader = async (url, coding, line) => {
  const fields = ['-H', `accept-encoding: ${coding}`]
  const { stdout } = spawn('curl', ['--silent', '--no-buffer', '--compressed', ...fields, `${url}/events`])
  const tell = teller(line)
  for await (const chunk of stdout) tell(String(chunk))
}

/** Takes one byte in each turn of the event loop. */
export const slow: Reader = async (url, coding, line) => {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/events`, { headers: { 'accept-encoding': coding }, agent: false }, resolve).on('error', reject)
  })
  const decoder = decoders[coding]().setEncoding('utf8')
  decoder.on('data', teller(line))
  for await (const chunk of message) {
    for (const byte of chunk) {
      decoder.write(Uint8Array.of(byte))
      await turn()
    }
  }
  decoder.destroy()
}

const decoders = {
  gzip: () => zlib.createGunzip(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
  deflate: () => zlib.createInflate(),
}

/** Hears of each event once all of it has come. */
function teller(line: Hearer): (text: string) => void {
  let rest = ''
  return (text) => {
    const events = `${rest}${text}`.split('\n\n')
    rest = events.pop() ?? ''
    for (const _event of events) line.heard()
  }
}

export const program = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Its answer is timed: the way of the event, and that of a request back. */
export async function openChromium(): Promise<{ read: Reader; close(): Promise<void> }> {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage()
  return {
    async read(url) {
      await page.goto(`${url}/`)
      await page.evaluate(`new Promise((resolve) => {
        const source = new EventSource('/events')
        source.onmessage = () => fetch('/heard')
        // The end.
        source.onerror = () => {
          source.close()
          resolve()
        }
      })`)
    },
    close: () => browser.close(),
  }
}
