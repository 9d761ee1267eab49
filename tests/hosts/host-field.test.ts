import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { pathOf, respond } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { exchange, listen, type Listening } from '../support/index.ts'

let server: Listening
beforeAll(async () => {
  server = await listen(
    toNode((request) => {
      const { host, pathname } = new URL(request.url)
      return respond(JSON.stringify([host, pathname, pathOf(request)]))
    }),
  )
})
afterAll(() => server.close())

async function read(host: string): Promise<unknown> {
  const { text } = await exchange(server.port, `GET /admin HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  return JSON.parse(text.split('\r\n\r\n')[1] ?? '')
}

it.each([
  ['site.test', 'site.test'],
  ['Site.test:8080', 'site.test:8080'],
  ['site.test.', 'site.test.'],
  ['my_app', 'my_app'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['127.0.0.1:3000', '127.0.0.1:3000'],
  ['[::1]:3000', '[::1]:3000'],
  ['site.test:65535', 'site.test:65535'],
])('the Host %s is that of the url', async (host, expected) => {
  expect(await read(host)).toEqual([expected, '/admin', '/admin'])
})

it.each([
  'site.test/public',
  'site.test/public?',
  'site.test?',
  'site.test#',
  'site.test\\public',
  'site.test@evil.test',
  'site.test, evil.test',
  'site.test:80:80',
  'site.test:65536',
  'xn--a',
  '1.2.3.4.5',
  '256.1.1.1',
  '08.1.1.1',
  'site.0x4',
  '<script>',
])('the Host %s moves no path, and makes no exception', async (host) => {
  expect(await read(host)).toEqual(['invalid.invalid', '/admin', '/admin'])
})
