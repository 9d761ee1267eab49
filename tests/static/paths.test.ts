import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { basename } from 'node:path'
import { derive } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { staticFiles } from '@outerware/static'
import { exchange, listen, type Listening } from '../support/index.ts'
import { app, asking, folder, said } from './support.ts'

const outside = folder({ 'secret.txt': 'SECRET' })
const dir = folder({
  'index.html': 'home',
  'a.txt': 'public',
  'dir/b.txt': 'deep',
  'a b.txt': 'space',
  'a#b.txt': 'hash',
  'a?b.txt': 'question',
  'a+b.txt': 'plus',
  'a%2Fb.txt': 'percent',
  'a&b;c=d.txt': 'others',
  'ü.txt': 'composed',
  'o\u0308.txt': 'decomposed on the disk',
  '日本.txt': 'wide',
  'back\\slash.txt': 'backslash',
})
const names = { report: () => {} }

let server: Listening
beforeAll(async () => {
  server = await listen(toNode(staticFiles({ dir, ...names })(app)))
})
afterAll(() => server.close())

/** Asks for a target as it is written, over a socket. */
async function raw(target: string): Promise<string> {
  const { text } = await exchange(server.port, `GET ${target} HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n`)
  return text
}

const secret = basename(outside)

describe('nothing outside of the directory is reached', () => {
  it.each([
    `/../${secret}/secret.txt`,
    `/./../${secret}/secret.txt`,
    `/dir/../../${secret}/secret.txt`,
    `/%2e%2e/${secret}/secret.txt`,
    `/%2E%2E/${secret}/secret.txt`,
    `/.%2e/${secret}/secret.txt`,
    `/%2e./${secret}/secret.txt`,
    `/..%2f${secret}/secret.txt`,
    `/..%2F${secret}%2Fsecret.txt`,
    `/..%5c${secret}%5csecret.txt`,
    `/..\\${secret}\\secret.txt`,
    `/dir/..%2f..%2f${secret}/secret.txt`,
    `/%252e%252e/${secret}/secret.txt`,
    `/..%252f${secret}/secret.txt`,
    `/%c0%ae%c0%ae/${secret}/secret.txt`,
    `/%uff0e%uff0e/${secret}/secret.txt`,
    `//../${secret}/secret.txt`,
    `/..;/${secret}/secret.txt`,
    `/dir/%2e%2e/a.txt`,
    `/dir/../a.txt`,
    `/./a.txt`,
    `/a.txt%00`,
    `/a.txt%00.html`,
    `/a.txt/`,
    `/a.txt/.`,
    `/a.txt/..`,
    `//a.txt`,
    `/dir//b.txt`,
    `/dir%2Fb.txt`,
    `/dir%5Cb.txt`,
    `/dir\\b.txt`,
    `/a.txt%`,
    `/a.txt%zz`,
    `/%ff.txt`,
    `a.txt`,
    `*`,
    `file://${dir}/a.txt`,
    `/back%5Cslash.txt`,
    `/${'a'.repeat(5000)}`,
  ])('%s', async (target) => {
    const text = await raw(target)
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(text).not.toMatch(/SECRET|public|deep|backslash/)
  })
})

it.each([
  ['/a.txt', 'public'],
  ['/a.txt?x=/../y', 'public'],
  ['/%61.txt', 'public'],
  ['/a%20b.txt', 'space'],
  ['/a%23b.txt', 'hash'],
  ['/a%3Fb.txt', 'question'],
  ['/a%2Bb.txt', 'plus'],
  ['/a+b.txt', 'plus'],
  ['/a%252Fb.txt', 'percent'],
  ['/a%26b%3Bc%3Dd.txt', 'others'],
  ['/a&b;c=d.txt', 'others'],
  ['/%C3%BC.txt', 'composed'],
  ['/u%CC%88.txt', 'composed'],
  ['/%C3%B6.txt', 'decomposed on the disk'],
  ['/o%CC%88.txt', 'decomposed on the disk'],
  ['/%E6%97%A5%E6%9C%AC.txt', 'wide'],
  ['http://site.test/a.txt', 'public'],
  ['http://other.test/', 'home'],
  ['http://site.test', 'home'],
])('%s is reached', async (target, text) => {
  const answer = await raw(target)
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer.endsWith(`\r\n\r\n${text}`)).toBe(true)
})

it('urls() lists each file once, as it is to be asked for', async () => {
  const files = staticFiles({ dir, ...names })
  expect(files.urls()).toEqual([
    '/',
    '/%C3%B6.txt',
    '/%C3%BC.txt',
    '/%E6%97%A5%E6%9C%AC.txt',
    '/a%20b.txt',
    '/a%23b.txt',
    '/a%252Fb.txt',
    '/a%3Fb.txt',
    '/a&b;c=d.txt',
    '/a+b.txt',
    '/a.txt',
    '/dir/b.txt',
  ])
  for (const url of files.urls()) expect(await raw(url)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
})

it('a redirect keeps a raw query, and names no host that the client made up', async () => {
  const site = await listen(toNode(staticFiles(folder({ 'dir/index.html': 'x' }))(app)))
  const request = 'GET /dir?a="<>&b=%zz HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n'
  const { text } = await exchange(site.port, request)
  await site.close()
  expect(text).toMatch(/^HTTP\/1\.1 302 Found\r\n/)
  expect(text).toContain('\r\nlocation: dir/?a="<>&b=%zz\r\n')
  expect(text).not.toContain('evil')
})

it('a redirect encodes what a wrapper further out has put into the URL', async () => {
  const files = staticFiles(folder({ 'dir/index.html': 'x' }))(app)
  const site = await listen(
    toNode((request, context) => files(derive(request, { url: 'http://site.test/dir?ü=\ud800 \r\n#x' }), context)),
  )
  const { text } = await exchange(site.port, 'GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n')
  await site.close()
  expect(text).toContain('\r\nlocation: dir/?%C3%BC=%EF%BF%BD%20%0D%0A\r\n')
})

it.each([
  ['/.env', 404],
  ['/.git/config', 404],
  ['/dir/.hidden.txt', 404],
  ['/.well-known/security.txt', 200],
  ['/dir/.well-known/x.txt', 200],
  ['/.well-known/.secret', 404],
  ['/%2eenv', 404],
])('%s with the usual rule for dotfiles: %i', async (path, status) => {
  expect((await asking(dotted)(path)).status).toBe(status)
})

const dotted = folder({
  '.env': 'SECRET',
  '.git/config': 'SECRET',
  'dir/.hidden.txt': 'SECRET',
  '.well-known/security.txt': 'contact',
  'dir/.well-known/x.txt': 'x',
  '.well-known/.secret': 'SECRET',
  '.static-manifest.json': '{"version":1,"files":{}}',
})

it('dotfiles are served or not as the option says; the compressor’s manifest never is', async () => {
  expect((await asking({ dir: dotted, dotfiles: 'allow' })('/.env')).status).toBe(200)
  expect((await asking({ dir: dotted, dotfiles: 'allow' })('/.static-manifest.json')).status).toBe(404)
  expect((await asking({ dir: dotted, dotfiles: 'deny' })('/.well-known/security.txt')).status).toBe(404)
  expect((await asking({ dir: dotted, dotfiles: ['.env'] })('/.env')).status).toBe(200)
  expect((await asking({ dir: dotted, dotfiles: ['.env'] })('/.well-known/security.txt')).status).toBe(404)
})

it.each([
  ['*.map', ['a.js', 'deep/c.js', 'drafts/a.txt', 'drafts/old/b.txt', 'node/drafts/x.txt']],
  ['drafts/**', ['a.js', 'a.js.map', 'deep/c.js', 'deep/c.js.map', 'node/drafts/x.txt']],
  ['drafts', ['a.js', 'a.js.map', 'deep/c.js', 'deep/c.js.map']],
  ['/drafts/', ['a.js', 'a.js.map', 'deep/c.js', 'deep/c.js.map', 'node/drafts/x.txt']],
  ['**/*.txt', ['a.js', 'a.js.map', 'deep/c.js', 'deep/c.js.map']],
  ['deep/?.js', ['a.js', 'a.js.map', 'deep/c.js.map', 'drafts/a.txt', 'drafts/old/b.txt', 'node/drafts/x.txt']],
])('ignore %j leaves %j', (pattern, left) => {
  const files = [
    'a.js',
    'a.js.map',
    'deep/c.js',
    'deep/c.js.map',
    'drafts/a.txt',
    'drafts/old/b.txt',
    'node/drafts/x.txt',
  ]
  const some = folder(Object.fromEntries(files.map((name) => [name, name])))
  expect(staticFiles({ dir: some, ignore: [pattern] }).urls()).toEqual(left.map((name) => `/${name}`))
})

it('ignore leaves out the coded forms of a file as well, which hold its bytes; an archive is none', () => {
  const names = ['a.js', 'a.js.map', 'a.js.map.br', 'a.js.map.gz', 'a.js.map.zst', 'a.js.map.pZGm1Av0.dcz', 'b.map.gz']
  const some = folder(Object.fromEntries(names.map((name) => [name, name])))
  expect(staticFiles({ dir: some, ignore: ['*.map'] }).urls()).toEqual(['/a.js', '/b.map.gz'])
  expect(staticFiles({ dir: some, ignore: ['*.map'], encodings: [] }).urls()).toEqual(['/a.js', '/b.map.gz'])
})

it('a pattern is no regular expression', async () => {
  const some = folder({ 'a.b': '1', aXb: '2', 'a(b': '3', 'a{b}': '4' })
  expect(staticFiles({ dir: some, ignore: ['a.b', 'a(b', 'a{b}'] }).urls()).toEqual(['/aXb'])
  expect(await said(await asking({ dir: some, ignore: ['a.b'] })('/aXb'))).toBe('200 2')
})
