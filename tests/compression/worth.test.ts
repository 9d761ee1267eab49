import { describe, expect, it } from '@jest/globals'
import { respond } from '@outerware/core'
import { compression, type CompressionOptions } from '@outerware/compression'
import { get, testContext } from '../support/index.ts'
import { prose } from './support.ts'

/** Answers requests for a path one after the other through `compression(options)`, and tells the fields. */
function asker(options: CompressionOptions = {}) {
  let answer: Response
  const site = compression(options)(() => answer)
  return async (given: Response, path = '/a', init: RequestInit = {}): Promise<Record<string, string>> => {
    answer = given
    const response = await site(get(path, { 'accept-encoding': 'gzip' }, init), testContext())
    return Object.fromEntries(response.headers)
  }
}

const page = prose(4000)
const tag = { etag: '"x"' }
const whole = (type: string, headers: Record<string, string> = tag): Response =>
  respond(page, { headers: { 'content-type': type, ...headers } })
const html = (_request: Request, { headers }: Response): boolean => headers.get('content-type') === 'text/html'

const parts = { 'content-type': 'Multipart/ByteRanges; boundary=x' }

describe.each<[string, (headers?: Record<string, string>) => Response]>([
  ['a 304', (headers = tag) => respond(null, { status: 304, headers })],
  ['a 206 of several parts', (headers = tag) => respond(page, { status: 206, headers: { ...headers, ...parts } })],
])('%s, which does not tell the type of the 200 (15.3.7, 15.4.5)', (_name, standIn) => {
  it.each([
    ['an entity tag', tag],
    ['a date', { 'last-modified': 'Sat, 21 Nov 2026 05:00:00 GMT' }],
  ])('varies as the 200 did, told by %s', async (_validator, headers) => {
    const ask = asker()
    await ask(whole('image/png', headers))
    expect(await ask(standIn(headers))).not.toHaveProperty('vary')
    await ask(whole('text/html', headers), '/b')
    expect(await ask(standIn(headers), '/b')).toHaveProperty('vary', 'accept-encoding')
  })

  it('varies as HEAD did', async () => {
    const ask = asker()
    await ask(whole('image/png'), '/a', { method: 'HEAD' })
    expect(await ask(standIn())).not.toHaveProperty('vary')
  })

  it('varies as a filter said of the 200, though it would say another thing without a type', async () => {
    const ask = asker({ filter: html })
    await ask(whole('text/html'))
    expect(await ask(standIn())).toHaveProperty('vary', 'accept-encoding')
    await ask(whole('text/css'), '/b')
    expect(await ask(standIn(), '/b')).not.toHaveProperty('vary')
  })

  it('varies where nothing is known of a 200 with its tag at its path', async () => {
    const ask = asker()
    await ask(whole('image/png'))
    await ask(respond(page, { status: 404, headers: { 'content-type': 'image/png', etag: '"z"' } }))
    for (const other of [standIn({ etag: '"y"' }), standIn({ etag: '"z"' }), standIn({})])
      expect(await ask(other)).toHaveProperty('vary', 'accept-encoding')
    expect(await ask(standIn(), '/b')).toHaveProperty('vary', 'accept-encoding')
  })

  it('is what the filter says where nothing is known', async () => {
    const ask = asker({ filter: ({ url }) => !url.endsWith('/bare') })
    expect(await ask(standIn())).toHaveProperty('vary', 'accept-encoding')
    expect(await ask(standIn(), '/bare')).not.toHaveProperty('vary')
  })

  it('varies where a 200 was forgotten, after a thousand others or for a path of some kilobytes', async () => {
    const ask = asker()
    const long = `/${'a'.repeat(3000)}`
    for (const path of ['/a', long]) await ask(whole('image/png'), path)
    expect(await ask(standIn(), long)).toHaveProperty('vary', 'accept-encoding')
    for (let i = 0; i < 1100; i++) await ask(whole('image/png'), `/${i}`)
    expect(await ask(standIn())).toHaveProperty('vary', 'accept-encoding')
  })
})

it('a 304 whose 200 goes out bare keeps its strong tag, though the client sends a weak one', async () => {
  const site = compression()(({ headers }) =>
    headers.has('if-none-match') ? respond(null, { status: 304, headers: tag }) : whole('image/png'),
  )
  await site(get('/a', { 'accept-encoding': 'gzip' }), testContext())
  const again = await site(get('/a', { 'accept-encoding': 'gzip', 'if-none-match': 'W/"x"' }), testContext())
  expect(Object.fromEntries(again.headers)).toEqual(tag)
})
