/**
 * The kinds once more in the safe mode: no internal of Node is touched, and nothing differs.
 */
import { describe, expect, it } from '@jest/globals'
import { editHeaders, respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { ask } from './harness/ask.ts'
import { fidelity } from './harness/fidelity.ts'
import { forceSafeMode } from './harness/safe-mode.ts'
import { later } from './harness/serving.ts'

forceSafeMode()
fidelity((name) => ['slow', 'header', 'nested', 'rebuild'].includes(name))

it('is really on: the placeholder in `_header` is not there', async () => {
  const seen: unknown[] = []
  const inside = fromNode((_req, res) => {
    res.writeHead(201)
    seen.push(Reflect.get(res, '_header'), res.headersSent)
    res.end('held')
  })
  const slow: App = async (request, context) => inside(request, context)
  expect((await ask(toNode(slow), '/')).text).toBe('held')
  expect(seen).toEqual([null, true])
})

describe.each<[string, (response: Response) => Response]>([
  ['another Response', (response) => new Response(response.body, response)],
  ['another Response, with fields of its own', (response) => new Response(response.body)],
  ['one without that field', (response) => editHeaders(response, (headers) => headers.delete('transfer-encoding'))],
])('in the place of chunks that the app has named, %s', (_, change) => {
  it.each([
    ['1.1', 'chunked'],
    ['1.0', 'close'],
  ])('that comes in two turns is framed over HTTP/%s by: %s', async (version, wanted) => {
    const more = later()
    const inside = fromNode((_req, res) => {
      res.setHeader('Transfer-Encoding', 'chunked')
      res.write('two ')
      void more.promise.then(() => res.end('turns'))
    })
    const changed: App = async (request, context) => {
      const response = await inside(request, context)
      setImmediate(() => more.resolve())
      return change(response)
    }
    const asked = `GET / HTTP/${version}\r\nHost: site\r\nConnection: close\r\n\r\n`
    const { framing, complete, text } = await ask(toNode(changed), asked)
    expect([framing, complete, text]).toEqual([wanted, true, 'two turns'])
  })
})

it('a Fetch app has every cookie, and its fields in their order', async () => {
  const headers: [string, string][] = [
    ['Set-Cookie', 'a'],
    ['X-B', '1'],
    ['set-cookie', 'b'],
  ]
  const { fields } = await ask(
    toNode(() => respond(null, { headers })),
    '/',
  )
  expect(fields.slice(0, 3)).toEqual(headers)
})
