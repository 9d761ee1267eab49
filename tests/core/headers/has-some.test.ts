import { expect, it } from '@jest/globals'
import { derive, editRequestHeaders, respond, type App } from '@outerware/core'
import { hasSome } from '@outerware/core/headers'
import { toNode } from '@outerware/core/node'
import { exchange, listen } from '../../support/index.ts'

const names: ReadonlySet<string> = new Set(['x-a', 'x-b', 'constructor'])

it.each([
  [{}, false],
  [{ 'x-c': '1', host: 'a.test' }, false],
  [{ 'x-b': '1' }, true],
  [{ 'X-A': '' }, true],
  [{ constructor: '1' }, true],
])('%j: %p, in any headers', async (fields, has) => {
  expect(hasSome(new Headers(fields), names)).toBe(has)
  expect(hasSome(respond('', { headers: fields }).headers, names)).toBe(has)
  const app: App = (request) => {
    const edited = editRequestHeaders(request, (headers) => headers.delete('x-c'))
    const derived = derive(request, { headers: new Headers(fields) })
    return respond(JSON.stringify([request, edited, derived].map(({ headers }) => hasSome(headers, names))))
  }
  const server = await listen(toNode(app))
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  const host = 'host' in fields ? '' : 'Host: a.test\r\n'
  const { text } = await exchange(server.port, `GET / HTTP/1.1\r\n${host}${lines.join('')}Connection: close\r\n\r\n`)
  await server.close()
  expect(text.split('\r\n\r\n')[1]).toBe(JSON.stringify([has, has, has]))
})
