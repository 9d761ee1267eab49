/** What is kept goes out with the fields of the last time only where the app, and the client, say the same again. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { compose, editHeaders, fromHooks, respond, type App, type Body, type RespondInit } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { compression, type CompressionOptions } from '@outerware/compression'
import { exchange, growth, listen, type Listening } from '../support/index.ts'
import { ask as askOver, type Answer } from './http.ts'
import { noise, prose } from './support.ts'

const sites: Listening[] = []
afterEach(async () => void (await Promise.all(sites.splice(0).map((site) => site.close()))))

const cache = { maxBytes: 1_000_000 }

async function start(app: App, options: CompressionOptions = { cache }): Promise<Listening> {
  const site = await listen(toNode(compression(options)(app)))
  sites.push(site)
  return site
}

/** What the app says when it is asked for so, and what the client says. */
interface Said {
  readonly body?: Body
  readonly init?: RespondInit
  readonly method?: string
  readonly fields?: string
}

const fields = { 'Content-Type': 'text/html', ETag: '"1"', 'Set-Cookie': 'a=1' }
const usual: Required<Said> = {
  body: prose(4000),
  init: { headers: fields },
  method: 'GET',
  fields: 'Accept-Encoding: gzip\r\n',
}

/** All that comes back over one connection, without the dates, for one of two each time. */
async function answers(both: readonly [Said, Said], order: string, options: CompressionOptions): Promise<string> {
  const said = both.map((one) => ({ ...usual, ...one }))
  const app: App = ({ url }) => {
    const { body, init } = said[Number(url.at(-1))]!
    return respond(body, init)
  }
  const { port } = await start(app, options)
  const requests = Array.from(order, (at, i) => {
    const { method, fields } = said[Number(at)]!
    return `${method} /${at} HTTP/1.1\r\nHost: a\r\n${fields}${i === order.length - 1 ? 'Connection: close\r\n' : ''}\r\n`
  })
  const { text, end } = await exchange(port, requests.join(''), { timeoutMs: 50_000 })
  expect(end).toBe('fin')
  expect(text.split('HTTP/1.1 ')).toHaveLength(order.length + 1)
  return text.replaceAll(/^Date: .*\r\n/gm, '')
}

const short = prose(500)

describe('answers from the cache are, byte for byte, those without one, where the other one has', () => {
  it.each<[string, Said, Said?]>([
    ['nothing else', {}],
    ['another value', { init: { headers: { ...fields, ETag: '"2"' } } }],
    ['another cookie', { init: { headers: { ...fields, 'Set-Cookie': 'a=2' } } }],
    ['a field more', { init: { headers: { ...fields, 'X-B': '1' } } }],
    ['a field less', { init: { headers: { 'Content-Type': 'text/html', ETag: '"1"' } } }],
    ['another order', { init: { headers: Object.entries(fields).reverse() } }],
    [
      'a name in another case',
      { init: { headers: Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]) } },
    ],
    ['a name twice', { init: { headers: [...Object.entries(fields), ['Set-Cookie', 'b=1']] } }],
    ['a name that looks like an index', { init: { headers: { ...fields, 7: 'a' } } }],
    [
      'a length, a digest and ranges of its own',
      { init: { headers: { ...fields, 'Content-Length': '4000', 'Repr-Digest': 'x', 'Accept-Ranges': 'bytes' } } },
    ],
    ['a Vary of its own', { init: { headers: { ...fields, Vary: 'Origin' } } }],
    ['a type that is not worth it', { init: { headers: { ...fields, 'Content-Type': 'image/png' } } }],
    ['a coding already', { init: { headers: { ...fields, 'Content-Encoding': 'x' } } }],
    ['no-transform', { init: { headers: { ...fields, 'Cache-Control': 'no-transform' } } }],
    ['no-store', { init: { headers: { ...fields, 'Cache-Control': 'no-store' } } }],
    ['another status', { init: { headers: fields, status: 404 } }],
    ['a reason phrase', { init: { headers: fields, statusText: 'Fine' } }],
    ['another letter', { body: prose(3999).replace('lazy', 'lacy') }],
    ['bytes', { body: Buffer.from(prose(4000)) }],
    ['the method HEAD', { method: 'HEAD', body: null }],
    ['the method HEAD, with a body', { method: 'HEAD' }],
    ['the method POST', { method: 'POST', fields: 'Accept-Encoding: gzip\r\nContent-Length: 0\r\n' }],
    ['another coding', { fields: 'Accept-Encoding: br\r\n' }],
    ['no coding', { fields: 'Accept-Encoding: identity\r\n' }],
    ['no Accept-Encoding', { fields: '' }],
    ['cookies in the request', { fields: 'Accept-Encoding: gzip\r\nCookie: a=1\r\nAuthorization: x\r\n' }],
    ['HTTP/1.0 manners', { fields: 'Accept-Encoding: gzip\r\nConnection: keep-alive\r\n' }],
    [
      'a short body that is coded for who takes none bare',
      { body: short, fields: 'Accept-Encoding: gzip, *;q=0\r\n' },
      { body: short },
    ],
    ['noise', { body: noise(4000) }],
  ])('%s', async (_name, other, one = {}) => {
    // Each is known after the second time, and remembered after the third.
    for (const order of ['0000101100111', '1111010011000']) {
      expect(await answers([one, other], order, { cache })).toBe(await answers([one, other], order, {}))
    }
  })
})

const long: Said = { body: prose(200_000) }
const shared = { 'Content-Type': 'text/html', ETag: '"1"' }
const others = prose(200_000).replaceAll('lazy', 'lacy')

describe('a long text that is known by its tag goes out as it is kept', () => {
  it.each<[string, Said, boolean]>([
    ['for the same fields', {}, true],
    ['with a field more', { init: { headers: { ...shared, 'X-B': '1' } } }, true],
    ['not with another tag', { init: { headers: { ...shared, ETag: '"2"' } } }, false],
    ['not with a weak tag', { init: { headers: { ...shared, ETag: 'W/"1"' } } }, false],
    ['not with a cookie', { init: { headers: { ...shared, 'Set-Cookie': 'a=1' } } }, false],
    ['not where it is private', { init: { headers: { ...shared, 'Cache-Control': 'private' } } }, false],
    ['not with another status', { init: { headers: shared, status: 404 } }, false],
    ['not for who is authorised', { fields: `${usual.fields}Authorization: x\r\n` }, false],
    ['not for POST', { method: 'POST' }, false],
    ['not at another URL', {}, false],
  ])('%s', async (name, said, isKept) => {
    // The app changes its text under its tag, so that what is kept can be told.
    let { body, init, method, fields } = { ...usual, ...long, init: { headers: shared } } as Required<Said>
    const site = await start(() => respond(body, init))
    const askNow = (path = '/'): Promise<Answer> => {
      const list = fields.split('\r\n').filter((line) => line !== '')
      return askOver(site, path, Object.fromEntries(list.map((line) => line.split(': '))), method)
    }
    for (let i = 0; i < 6; i++) expect((await askNow()).text).toBe(long.body)
    ;({ body, init, method, fields } = { body: others, init, method, fields, ...said })
    const path = name.endsWith('URL') ? '/other' : '/'
    for (let i = 0; i < 3; i++) {
      const answer = await askNow(path)
      expect(answer.text).toBe(isKept ? long.body : others)
      expect(answer.headers['x-b']).toBe(name.endsWith('more') ? '1' : undefined)
    }
  })
})

it('bytes that an app has written over go out as they are now', async () => {
  const body = Buffer.from(prose(4000))
  const site = await start(() => respond(body, { headers: { 'content-type': 'text/html' } }))
  for (let i = 0; i < 8; i++) {
    body.write(i < 5 ? 'first' : `new ${i}`, 100)
    expect((await askOver(site, '/')).text).toBe(body.toString())
  }
})

it('what a wrapper further out does to one answer is not seen by the next', async () => {
  let count = 0
  const counting = fromHooks({
    response: (response) => editHeaders(response, (headers) => headers.set('x-count', String(count++))),
  })
  const app: App = () => respond(usual.body, usual.init)
  const site = await listen(toNode(compose(counting, compression({ cache }))(app)))
  sites.push(site)
  for (let i = 0; i < 6; i++) expect((await askOver(site, '/')).headers['x-count']).toBe(String(i))
})

it('a filter is asked each time', async () => {
  let asked = 0
  const site = await start(() => respond(usual.body, usual.init), { cache, filter: () => asked++ % 5 !== 4 })
  const codings = []
  for (let i = 0; i < 10; i++) codings.push((await askOver(site, '/')).headers['content-encoding'])
  expect(codings).toEqual(Array.from({ length: 10 }, (_, i) => (i % 5 === 4 ? undefined : 'gzip')))
})

it('what is padded is so each time', async () => {
  const site = await start(() => respond(usual.body, usual.init), { cache, breach: 'cookies' })
  const sizes = new Set()
  for (let i = 0; i < 40; i++) {
    await askOver(site, '/')
    sizes.add((await askOver(site, '/', { cookie: 'a=1' })).bytes.byteLength)
  }
  // Of a hundred lengths that are as likely.
  expect(sizes.size).toBeGreaterThan(5)
})

it('a body that was coded anew goes out with its own length', async () => {
  const text = noise(3000).toString('base64') + prose(6000)
  const app: App = () => respond(text, { headers: { 'content-type': 'text/html' } })
  const site = await start(app, { cache, level: 1 })
  const first = (await askOver(site, '/')).bytes.byteLength
  let answer = await askOver(site, '/')
  while (answer.bytes.byteLength === first) answer = await askOver(site, '/')
  for (let i = 0; i < 4; i++) {
    expect(answer.text).toBe(text)
    expect(answer.headers['content-length']).toBe(String(answer.bytes.byteLength))
    answer = await askOver(site, '/')
  }
})

it('holds what an app made for a moment only: a text may be a slice of a huge one, and so may a field', async () => {
  const app: App = ({ url }) => {
    const huge = `${url}${prose(4000)}`.padEnd(20_000_000, 'x')
    return respond(huge.slice(0, 4000), { headers: { 'content-type': 'text/html', 'x-a': huge.slice(0, 400) } })
  }
  const site = await start(app)
  const grown = await growth(10_000_000, async (round) => {
    for (let i = 0; i < 4; i++) await askOver(site, `/${round}`)
    // The moment is over.
    await new Promise((resolve) => setTimeout(resolve, 3000))
  })
  expect(grown).toBeLessThan(10_000_000)
})
