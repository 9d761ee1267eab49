import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { derive, isConditional, respond } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { exchange, get, listen, type Listening } from '../support/index.ts'

let site: Listening
beforeAll(async () => {
  site = await listen(
    toNode((request) => {
      const bare = derive(request, { headers: new Headers() })
      const ranged = derive(request, { headers: new Headers({ range: 'bytes=0-0' }) })
      return respond([request, bare, ranged].map(isConditional).join())
    }),
  )
})
afterAll(() => site.close())

/** What is said of a request over a socket, and of the same with no fields, and with others. */
async function overNode(headers: Record<string, string>): Promise<string> {
  const fields = Object.entries({ ...headers, Host: 'site.test', Connection: 'close' })
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const { text } = await exchange(site.port, `GET / HTTP/1.1\r\n${lines}\r\n`)
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}

describe('isConditional(request)', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['nothing', {}, false],
    ['what browsers say', { Accept: '*/*', 'Accept-Encoding': 'gzip', 'If-Range': '"a"', 'User-Agent': 'x' }, false],
    ['If-None-Match', { 'If-None-Match': '*' }, true],
    ['If-Modified-Since', { 'If-Modified-Since': 'no date' }, true],
    ['If-Match', { 'IF-MATCH': '"a"' }, true],
    ['If-Unmodified-Since', { 'if-unmodified-since': '' }, true],
    ['Range', { Range: 'bytes=0-0' }, true],
  ])('%s', async (_what, headers, is) => {
    expect(isConditional(get('/', headers))).toBe(is)
    // Fields that a wrapper further out has put in their place count, and those that were there do not.
    expect(await overNode(headers)).toBe(`${is},false,true`)
  })
})
