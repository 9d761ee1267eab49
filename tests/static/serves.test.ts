import { expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { staticFiles } from '@outerware/static'
import { get, record, testContext } from '../support/index.ts'
import { asking, asks, CHANGED, folder, said } from './support.ts'

const site = folder({
  'index.html': '<h1>home</h1>',
  'app.js': 'let a',
  'docs/index.html': '<h1>docs</h1>',
  'docs/a:b/index.html': 'colon',
  'docs/über uns/index.html': 'us',
  'logo.svg': '<svg/>',
  'empty.txt': '',
})
const ask = asking(site)

it('answers a file with its bytes and all that describes them', async () => {
  const response = await ask('/app.js')
  expect(await said(response)).toBe('200 let a')
  expect(Object.fromEntries(response.headers)).toEqual({
    'accept-ranges': 'bytes',
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=60',
    'content-length': '5',
    'content-type': 'text/javascript; charset=utf-8',
    etag: '"IfEXP_8HLuXoAiy0"',
    'last-modified': CHANGED,
  })
})

it('answers HEAD with the fields of GET and no body', async () => {
  const [head, whole] = [await ask('/app.js', {}, 'HEAD'), await ask('/app.js')]
  expect(head.status).toBe(200)
  expect(head.body).toBeNull()
  expect([...head.headers]).toEqual([...whole.headers])
})

it('answers an empty file', async () => {
  const response = await ask('/empty.txt')
  expect(await said(response)).toBe('200 ')
  expect(response.headers.get('content-length')).toBe('0')
})

it('answers from memory what it answered from the disk', async () => {
  const fresh = asking(site)
  const first = await fresh('/app.js')
  const second = await fresh('/app.js')
  expect([...second.headers]).toEqual([...first.headers])
  expect(await said(second)).toBe(await said(first))
})

it('streams what is larger than memory may keep', async () => {
  const text = 'x'.repeat(300_000)
  const large = asking({ dir: folder({ 'large.txt': text }), cache: { maxFile: 1000 } })
  const response = await large('/large.txt')
  expect(response.headers.get('content-length')).toBe('300000')
  expect(await response.text()).toBe(text)
})

it('leaves what is no file to the app, and gives its response on as it is', async () => {
  const answer = respond('mine')
  const inner = record(() => answer)
  const response = await staticFiles(site)(inner)(get('/nothing'), testContext())
  expect(response).toBe(answer)
  expect(inner.requests).toHaveLength(1)
})

it('never calls the app for a file', async () => {
  const inner = record()
  await staticFiles(site)(inner)(get('/app.js'), testContext())
  expect(inner.requests).toHaveLength(0)
})

it('lets an exception of the app pass', () => {
  const failing: App = () => {
    throw new Error('mine')
  }
  expect(() => staticFiles(site)(failing)(get('/nothing'), testContext())).toThrow('mine')
})

it('serves two apps at once with one wrapper', async () => {
  const wrapper = staticFiles(site)
  const [one, two] = [asks(wrapper(() => respond('one'))), asks(wrapper(() => respond('two')))]
  expect(await said(await one('/x'))).toBe('200 one')
  expect(await said(await two('/x'))).toBe('200 two')
  expect(await said(await one('/app.js'))).toBe('200 let a')
  expect(await said(await two('/app.js'))).toBe('200 let a')
})

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('leaves %s of a file to the app', async (method) => {
  expect(await said(await ask('/app.js', {}, method))).toBe(`404 app: ${method}`)
})

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
  'answers %s of a file with 405 and Allow, if nothing falls through',
  async (method) => {
    const response = await asking({ dir: site, fallthrough: false })('/app.js', {}, method)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    expect(response.headers.get('cache-control')).toBe('no-store')
  },
)

it.each([
  ['GET', '404 404 Not Found\n'],
  ['HEAD', '404 '],
  ['POST', '404 404 Not Found\n'],
])('answers %s of nothing with a 404 that no cache keeps, if nothing falls through', async (method, text) => {
  const response = await asking({ dir: site, fallthrough: false })('/nothing', {}, method)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await said(response)).toBe(text)
})

it.each([
  ['/', '<h1>home</h1>'],
  ['/docs/', '<h1>docs</h1>'],
  ['/docs/%C3%BCber%20uns/', 'us'],
])('answers %s with its index file', async (path, text) => {
  expect(await said(await ask(path))).toBe(`200 ${text}`)
})

it.each([
  ['/docs', 'docs/'],
  ['/docs?a=1&b=%2F', 'docs/?a=1&b=%2F'],
  ['/docs?', 'docs/?'],
  ['/docs/index.html', './'],
  ['/docs/index.html?q', './?q'],
  ['/index.html', './'],
  ['/docs/%C3%BCber%20uns', '%C3%BCber%20uns/'],
  // As it is, `a:` would be a scheme.
  ['/docs/a:b', 'a%3Ab/'],
])('sends %s to %s, relative and with its query', async (path, location) => {
  const response = await ask(path)
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe(location)
  expect(response.headers.get('cache-control')).toBe('public, max-age=60')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(await response.text()).toBe('')
})

it('redirects with another status where that is wanted', async () => {
  expect((await asking({ dir: site, redirectStatus: 308 })('/docs')).status).toBe(308)
})

it('without redirects, the index file has two URLs and the directory none', async () => {
  const plain = asking({ dir: site, redirect: false })
  expect(await said(await plain('/docs/'))).toBe('200 <h1>docs</h1>')
  expect(await said(await plain('/docs/index.html'))).toBe('200 <h1>docs</h1>')
  expect(await said(await plain('/docs'))).toBe('404 app: GET')
})

it('without an index, a directory is nothing and its file is a file', async () => {
  const plain = asking({ dir: site, index: false })
  expect(await said(await plain('/docs/'))).toBe('404 app: GET')
  expect(await said(await plain('/docs'))).toBe('404 app: GET')
  expect(await said(await plain('/docs/index.html'))).toBe('200 <h1>docs</h1>')
})

it.each(['/static', '/static/'])('serves under the prefix %s, and nowhere else', async (prefix) => {
  const under = asking({ dir: site, prefix })
  expect(await said(await under('/static/app.js'))).toBe('200 let a')
  expect(await said(await under('/static/'))).toBe('200 <h1>home</h1>')
  expect((await under('/static')).headers.get('location')).toBe('static/')
  expect(await said(await under('/app.js'))).toBe('404 app: GET')
  expect(await said(await under('/staticapp.js'))).toBe('404 app: GET')
})

it('serves several directories, the earlier one first, each under its prefix', async () => {
  const [now, before, media] = [
    folder({ 'a.txt': 'new', 'b/index.html': 'new b' }),
    folder({ 'a.txt': 'old', 'old.txt': 'old', b: 'a file' }),
    folder({ 'a.txt': 'media' }),
  ]
  const several = asking({ dir: [now, { dir: before }, { dir: media, prefix: '/media' }] })
  expect(await said(await several('/a.txt'))).toBe('200 new')
  expect(await said(await several('/old.txt'))).toBe('200 old')
  expect(await said(await several('/media/a.txt'))).toBe('200 media')
  expect((await several('/b')).headers.get('location')).toBe('b/')
})

it('serves one directory that is given with its prefix', async () => {
  const media = asking({ dir: { dir: folder({ 'a.txt': 'media' }), prefix: '/media' } })
  expect(await said(await media('/media/a.txt'))).toBe('200 media')
})

it('takes a file: URL for a directory', async () => {
  expect(await said(await asks(staticFiles(new URL(`file://${site}/`))(() => respond('')))('/app.js'))).toBe(
    '200 let a',
  )
})

it('finds a page without its extension: the exact file first, then in order of extensions, then a directory', async () => {
  const dir = folder({
    'about.html': 'html',
    'about.txt': 'txt',
    'about/index.html': 'dir',
    'news.txt': 'txt',
    'news.html': 'html',
    plain: 'exact',
    'plain.html': 'html',
    'only/index.html': 'dir',
  })
  const short = asking({ dir, extensions: ['html', '.txt'] })
  expect(await said(await short('/about'))).toBe('200 html')
  expect(await said(await short('/about/'))).toBe('200 dir')
  expect(await said(await short('/news'))).toBe('200 html')
  expect(await said(await short('/plain'))).toBe('200 exact')
  expect((await short('/only')).headers.get('location')).toBe('only/')
  expect((await short('/about')).headers.get('content-type')).toBe('text/html; charset=utf-8')
})
