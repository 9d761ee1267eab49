import { rmSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { asking, fill, folder, said, settle } from './support.ts'

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const dir = folder({
  'index.html': 'page',
  'other.html': 'other',
  'app.js': '',
  'assets/app-DfX2k9aB.js': 'hashed',
  'assets/fonts/a.woff2': '',
  'main-5LWHWKVS.js': 'hashed at the top',
  '404.html': '<h1>not here</h1>'.repeat(10),
  '404.html.gz': 'zipped',
})

describe('single', () => {
  const ask = asking({ dir, single: true })

  it.each([
    ['/users', HTML],
    ['/users/7/edit', HTML],
    ['/users?x=a.b', HTML],
    ['/v1.2/users', HTML],
    ['/users', { accept: 'TEXT/HTML' }],
    ['/users', { accept: 'a/b, text/html;q=0.1' }],
    ['/main', HTML],
  ])('answers %s, asked for with %o, with the page', async (path, headers) => {
    const response = await ask(path, headers)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(await said(response)).toBe('200 page')
  })

  it.each([
    ['no page is wanted', '/users', {}],
    ['anything is wanted, as by fetch()', '/users', { accept: '*/*' }],
    ['JSON is wanted', '/users', { accept: 'application/json' }],
    ['HTML is refused', '/users', { accept: 'text/html;q=0, */*' }],
    ['the type only begins so', '/users', { accept: 'text/html5, text/htmlx' }],
    ['it has an extension', '/users/me.png', HTML],
    ['it has an extension', '/missing.js', HTML],
    ['its directory is for hashed files', '/assets/missing', HTML],
    ['its directory is in one for hashed files', '/assets/fonts/missing', HTML],
    ['it has no reading', '/users%2F7', HTML],
  ])('leaves it to the app where %s: %s, %o', async (_name, path, headers) => {
    expect(await said(await ask(path, headers))).toBe('404 app: GET')
  })

  it('answers HEAD as GET, and leaves other methods to the app', async () => {
    expect((await ask('/users', HTML, 'HEAD')).status).toBe(200)
    expect(await said(await ask('/users', HTML, 'POST'))).toBe('404 app: POST')
  })

  it('has conditions as any file', async () => {
    const tag = (await ask('/users', HTML)).headers.get('etag') ?? ''
    expect((await ask('/users/other', { ...HTML, 'if-none-match': tag })).status).toBe(304)
  })

  it('says that Accept decides, whoever answers, and only where it does', async () => {
    const varies = async (path: string, headers: Record<string, string>, method = 'GET'): Promise<string | null> =>
      (await ask(path, headers, method)).headers.get('vary')
    expect(await varies('/users', HTML)).toBe('accept')
    expect(await varies('/users', { ...HTML, 'if-none-match': '*' })).toBe('accept')
    expect(await varies('/users', { accept: 'application/json' })).toBe('accept')
    expect(await varies('/users', HTML, 'POST')).toBeNull()
    expect(await varies('/', HTML)).toBeNull()
    expect(await varies('/app.js', HTML)).toBeNull()
    expect(await varies('/missing.js', HTML)).toBeNull()
    expect(await varies('/users%2F7', HTML)).toBeNull()
  })

  it('is as it is now, like any file', async () => {
    const changing = folder({ 'index.html': 'old', '404.html': 'old 404' })
    await settle()
    const now = asking({ dir: changing, single: true, notFound: '404.html', fallthrough: false, recheckMs: 0 })
    expect(await said(await now('/users', HTML))).toBe('200 old')
    expect(await said(await now('/users'))).toBe('404 old 404')
    fill(changing, { 'index.html': 'new', '404.html': 'new 404' })
    expect(await said(await now('/users', HTML))).toBe('200 new')
    expect(await said(await now('/users'))).toBe('404 new 404')
    rmSync(changing, { recursive: true })
    expect(await said(await now('/users', HTML))).toBe('404 404 Not Found\n')
  })

  it('holds beside hashed files, in a directory that is not for those alone', async () => {
    const mixed = folder({ 'app/index.html': 'page', 'app/main-DfX2k9aB.js': '', 'index.html': '' })
    const deep = asking({ dir: mixed, single: 'app/index.html' })
    expect(await said(await deep('/app/users', HTML))).toBe('200 page')
    expect(await said(await deep('/app/main-OlD4k8zC.js', HTML))).toBe('404 404 Not Found\n')
  })

  it('may be another page, and holds under its prefix only', async () => {
    const under = asking({ dir, prefix: '/app', single: '/other.html' })
    expect(await said(await under('/app/users', HTML))).toBe('200 other')
    expect(await said(await under('/users', HTML))).toBe('404 app: GET')
  })
})

describe('a missing file of another build', () => {
  it.each([
    ['/assets/app-Qz81kLx2.js', 'in a directory of such files'],
    // As chance has it: without a digit, or like words.
    ['/assets/app-QzbkKLxy.js', 'in a directory of such files'],
    ['/assets/app-0ldBu1Ld.js', 'in a directory of such files'],
    ['/assets/app.3f2a91bc.js', 'made by another tool'],
    ['/assets/logo-Qz81kLx2.svg', 'of an extension that this build does not have'],
    ['/main-7XHWKV2S.js', 'at the top, beside such a file'],
    ['/main-QXHWKVBS.js', 'at the top, without a digit'],
    ['/main-LUVUIKQU.js', 'at the top, as chance makes words'],
  ])('%s, %s, is a 404 that no cache keeps, and never the page', async (path) => {
    for (const options of [
      {},
      { single: true },
      { fallthrough: false },
      { fallthrough: false, notFound: '404.html' },
    ]) {
      const response = await asking({ dir, ...options })(path, HTML)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await said(response)).toBe('404 404 Not Found\n')
    }
  })

  it.each([
    ['/assets/plain.js', 'a name without a hash'],
    ['/assets/app-component.js', 'a name with a word'],
    ['/assets/app-20240102.js', 'a name with a date'],
    ['/assets/app-12345678.js', 'a name with a number'],
    ['/assets/app-555-1234.js', 'a name with a number'],
    ['/assets/app-iphone14.js', 'a name with a thing'],
    ['/assets/app-chapter2.js', 'a name with a thing'],
    ['/assets/app-POSITIVE.js', 'a name with a word'],
    ['/assets/app-deadbeef.js', 'a name with a word'],
    ['/assets/app-QzbkKLxyz.js', 'what may be a hash, but of another length'],
    ['/assets/app.QzbkKLxy.js', 'what may be a hash, but behind another separator'],
    ['/assets/logo-QzbkKLxy.svg', 'what may be a hash, but of another extension'],
    ['/assets/logo.3f2a91bc.svg', 'of another extension and another tool'],
    ['/assets/app-Qz81kLx2', 'a path without an extension, where pages are'],
    ['/assets/app-Qz81kLx2.html', 'a page'],
    ['/logo-7XHWKV2S.svg', 'no such extension beside it, in a directory with other files'],
    ['/reports/app-Qz81kLx2.js', 'no such file beside it'],
  ])('is not %s: %s', async (path) => {
    expect(await said(await asking(dir)(path))).toBe('404 app: GET')
  })

  it('is looked for beside files whose name says that they are of a build, whatever else is immutable', async () => {
    const images = folder({ 'img/logo.png': '', 'img/index.html': '', CNAME: '' })
    const all = asking({ dir: images, immutable: true, single: 'img/index.html' })
    expect(await said(await all('/img/avatar-4f2a91bc.png', HTML))).toBe('404 app: GET')
    expect(await said(await all('/user-4f2a91bc'))).toBe('404 app: GET')
    const pages = asking({ dir: folder({ 'posts/first-4f2a91bc.html': '' }), immutable: /./ })
    expect(await said(await pages('/posts/second-8c3d7f1a.html'))).toBe('404 app: GET')
  })

  it('leaves pages beside immutable files without a hash to a single-page app', async () => {
    const ask = asking({ dir: folder({ 'index.html': 'page', 'img/logo.png': '' }), immutable: true, single: true })
    expect(await said(await ask('/img/gallery', HTML))).toBe('200 page')
  })

  it('is not where nothing is immutable, or in development', async () => {
    expect(await said(await asking({ dir, immutable: false })('/assets/app-Qz81kLx2.js'))).toBe('404 app: GET')
    expect(await said(await asking({ dir, dev: true })('/assets/app-Qz81kLx2.js'))).toBe('404 app: GET')
  })

  it('leaves other methods to the app', async () => {
    expect(await said(await asking(dir)('/assets/app-Qz81kLx2.js', {}, 'POST'))).toBe('404 app: POST')
  })

  it('is told without getting lost in a long path', async () => {
    const ask = asking(dir)
    for (const part of ['a', 'aA', 'a-', '1', 'A1', '-.']) {
      for (const count of [8, 30, 4000]) {
        expect((await ask(`/assets/app-${part.repeat(count)}1.js`)).status).toBe(404)
      }
    }
  })

  it('HEAD of it has no body', async () => {
    expect(await said(await asking(dir)('/assets/app-Qz81kLx2.js', {}, 'HEAD'))).toBe('404 ')
  })
})

describe.each([
  ['from memory', undefined],
  ['from the disk', false],
] as const)('notFound, %s', (_name, cache) => {
  const ask = asking({ dir, notFound: '404.html', fallthrough: false, ...(cache === undefined ? {} : { cache }) })

  it('goes with a 404, which no cache keeps and no condition changes', async () => {
    const response = await ask('/nothing', { 'if-none-match': '*', range: 'bytes=0-1' })
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-length': '170',
      'content-type': 'text/html; charset=utf-8',
      vary: 'accept-encoding',
    })
    expect(await said(response)).toBe(`404 ${'<h1>not here</h1>'.repeat(10)}`)
  })

  it('is negotiated as any file', async () => {
    const response = await ask('/nothing', { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await said(response)).toBe('404 zipped')
  })

  it('has no body for HEAD', async () => {
    expect(await said(await ask('/nothing', {}, 'HEAD'))).toBe('404 ')
  })

  it('is a file of its own by its own name', async () => {
    expect((await ask('/404.html')).status).toBe(200)
  })

  it('leaves the app its own 404s, if all falls through', async () => {
    const through = asking({ dir, notFound: '404.html' })
    expect(await said(await through('/nothing'))).toBe('404 app: GET')
  })
})
