import { describe, expect, it } from '@jest/globals'
import { staticFiles } from '@outerware/static'
import { asking, CHANGED, folder, settle } from './support.ts'

const PLAIN = 'public, max-age=60'
const FOREVER = 'public, max-age=31536000, immutable'

const cacheControl = async (response: Promise<Response>): Promise<string | null> =>
  (await response).headers.get('cache-control')

it.each<[maxAge: number | string | false, value: string | null]>([
  [0, 'public, max-age=0'],
  [5, 'public, max-age=5'],
  ['90s', 'public, max-age=90'],
  ['5m', 'public, max-age=300'],
  ['1h', 'public, max-age=3600'],
  ['30d', 'public, max-age=2592000'],
  ['1y', 'public, max-age=31536000'],
  [false, null],
])('maxAge %j sends %j', async (maxAge, value) => {
  expect(await cacheControl(asking({ dir: folder({ 'a.txt': '' }), maxAge })('/a.txt'))).toBe(value)
})

describe('by a manifest', () => {
  const files = {
    // A hash that the name alone does not prove: small letters, as chance has it.
    'assets/main-abcdEFgh.js': 'main',
    'assets/main-ABCDEFGH.css': 'css',
    'assets/shared-ABCDEFGI.js': 'shared',
    'assets/main.js': 'plain',
    'assets/main-component.js': 'word',
    'assets/logo-QRSTUVWX.svg': 'logo',
    'assets/other-ABCDEFGH.js': 'no output',
    'page-ABCDEFGH.html': 'html',
  }
  const vite = {
    'src/main.ts': {
      file: 'assets/main-abcdEFgh.js',
      name: 'main',
      src: 'src/main.ts',
      isEntry: true,
      css: ['assets/main-ABCDEFGH.css'],
    },
    '_shared-ABCDEFGI.js': { file: 'assets/shared-ABCDEFGI.js', name: 'shared' },
    'src/plain.ts': { file: 'assets/main.js', name: 'main', src: 'src/plain.ts' },
    'src/word.ts': { file: 'assets/main-component.js', name: 'main', src: 'src/word.ts' },
    'src/logo.svg': { file: 'assets/logo-QRSTUVWX.svg', src: 'src/logo.svg' },
    'page.html': { file: 'page-ABCDEFGH.html', name: 'page' },
  }
  const stats = {
    assets: [
      { name: 'assets/main-abcdEFgh.js', info: { immutable: true } },
      { name: 'assets/main-ABCDEFGH.css', info: {} },
      { name: 'assets/shared-ABCDEFGI.js', info: { immutable: true } },
      { name: 'assets/main.js', info: {} },
      { name: 'assets/main-component.js', info: {} },
      { name: 'assets/logo-QRSTUVWX.svg', info: { immutable: true, sourceFilename: 'src/logo.svg' } },
      { name: 'page-ABCDEFGH.html', info: { immutable: true } },
    ],
    assetsByChunkName: { main: ['assets/main-abcdEFgh.js', 'assets/main-ABCDEFGH.css'], plain: 'assets/main.js' },
  }
  const metafile = {
    inputs: {},
    outputs: {
      'build/assets/main-abcdEFgh.js': { entryPoint: 'src/main.ts', inputs: {} },
      'build/assets/main-ABCDEFGH.css': { inputs: { 'src/main.css': {} } },
      'build/assets/shared-ABCDEFGI.js': { inputs: { 'src/shared.ts': {} } },
      'build/assets/main.js': { entryPoint: 'src/main.ts' },
      'build/assets/main-component.js': { entryPoint: 'src/main.ts' },
      'build/assets/logo-QRSTUVWX.svg': { inputs: { 'src/logo.svg': {} } },
      'build/page-ABCDEFGH.html': { entryPoint: 'page.html' },
    },
  }
  const rollup = [
    { fileName: 'assets/main-abcdEFgh.js', name: 'main', type: 'chunk' },
    { fileName: 'assets/main-ABCDEFGH.css', names: ['main.css'], type: 'asset' },
    { fileName: 'assets/shared-ABCDEFGI.js', name: 'shared', type: 'chunk' },
    { fileName: 'assets/main.js', name: 'main', type: 'chunk' },
    { fileName: 'assets/main-component.js', name: 'main', type: 'chunk' },
    { fileName: 'assets/logo-QRSTUVWX.svg', name: 'logo.svg', originalFileNames: ['src/logo.svg'], type: 'asset' },
    { fileName: 'page-ABCDEFGH.html', name: 'page', type: 'asset' },
  ]
  const names = {
    'main.js': '/assets/main-abcdEFgh.js',
    'main.css': 'https://cdn.example/assets/main-ABCDEFGH.css',
    'shared.js': 'assets/shared-ABCDEFGI.js',
    'plain.js': '/assets/main.js',
    'main-word.js': '/assets/main-component.js',
    'logo.svg': './assets/logo-QRSTUVWX.svg',
    'page.html': '/page-ABCDEFGH.html',
  }

  const entriesOf = (record: Record<string, string>, value: (file: string) => object): object =>
    Object.fromEntries(Object.entries(record).map(([name, file]) => [name, value(file)]))

  it.each([
    ['Vite', vite],
    ['webpack’s stats', stats],
    ['esbuild', metafile],
    ['Rollup', rollup],
    ['name to file', names],
    ['Create React App', { files: names, entrypoints: [] }],
    ['Django', { paths: names, version: '1.1', hash: '2d3c5d3a2f8f' }],
    ['Sprockets', { files: { 'assets/main-abcdEFgh.js': { logical_path: 'main.js', size: 4 } }, assets: names }],
    ['Propshaft', entriesOf(names, (file) => ({ digested_path: file, integrity: null }))],
    ['webpack-assets-manifest', entriesOf(names, (file) => ({ src: file, integrity: 'sha384-' }))],
    ['a list of manifests', [vite, names]],
  ])('of %s, an output whose name has a hash that its source has not is immutable', async (_name, manifest) => {
    const ask = asking({ dir: folder(files), manifest })
    expect(await cacheControl(ask('/assets/main-abcdEFgh.js'))).toBe(FOREVER)
    expect(await cacheControl(ask('/assets/main-ABCDEFGH.css'))).toBe(FOREVER)
    expect(await cacheControl(ask('/assets/shared-ABCDEFGI.js'))).toBe(FOREVER)
    expect(await cacheControl(ask('/assets/logo-QRSTUVWX.svg'))).toBe(FOREVER)
    expect(await cacheControl(ask('/assets/main.js'))).toBe(PLAIN)
    expect(await cacheControl(ask('/assets/main-component.js'))).toBe(PLAIN)
    expect(await cacheControl(ask('/assets/other-ABCDEFGH.js'))).toBe(PLAIN)
    expect(await cacheControl(ask('/page-ABCDEFGH.html'))).toBe(PLAIN)
  })

  it.each([
    ['main-CdxKthtZ.js', FOREVER],
    ['main-qwrtzpsd.js', FOREVER],
    ['main-ab_dE-Gh.js', FOREVER],
    ['main-component.js', PLAIN],
    ['main-MyComponent.js', PLAIN],
    ['main-my-Component.js', PLAIN],
    ['main-stylesheet.js', PLAIN],
    ['main-20240102.js', PLAIN],
    ['main.js', PLAIN],
  ])('of an output %s that was made of main.js, Cache-Control is %s', async (file, value) => {
    const ask = asking({ dir: folder({ [file]: '' }), manifest: { 'main.js': file } })
    expect(await cacheControl(ask(`/${file}`))).toBe(value)
  })

  it('Vite’s is found by itself, and never served', async () => {
    const ask = asking(folder({ ...files, '.vite/manifest.json': JSON.stringify(vite) }))
    expect(await cacheControl(ask('/assets/main-ABCDEFGH.css'))).toBe(FOREVER)
    expect((await ask('/.vite/manifest.json')).status).toBe(404)
  })

  it('it holds under a prefix, from a path, and not where immutable is false', async () => {
    const dir = folder({ ...files, 'my.json': JSON.stringify(names) })
    const under = asking({ dir, prefix: '/static', manifest: `${dir}/my.json` })
    expect(await cacheControl(under('/static/assets/shared-ABCDEFGI.js'))).toBe(FOREVER)
    const none = asking({ dir, manifest: names, immutable: false })
    expect(await cacheControl(none('/assets/shared-ABCDEFGI.js'))).toBe(PLAIN)
  })

  it.each([
    ['src/main.ts', '/assets/main-abcdEFgh.js', vite],
    ['src/logo.svg', '/assets/logo-QRSTUVWX.svg', vite],
    // The style that it imports.
    ['src/main.css', '/assets/main-ABCDEFGH.css', vite],
    ['main.js', '/assets/main-abcdEFgh.js', stats],
    ['main.css', '/assets/main-ABCDEFGH.css', stats],
    ['src/logo.svg', '/assets/logo-QRSTUVWX.svg', stats],
    ['src/main.ts', '/assets/main-abcdEFgh.js', metafile],
    ['src/logo.svg', '/assets/logo-QRSTUVWX.svg', metafile],
    ['main.js', '/assets/main-abcdEFgh.js', rollup],
    ['main.css', '/assets/main-ABCDEFGH.css', rollup],
    ['src/logo.svg', '/assets/logo-QRSTUVWX.svg', rollup],
    ['main.css', '/assets/main-ABCDEFGH.css', names],
    ['logo.svg', '/assets/logo-QRSTUVWX.svg', names],
    ['assets/other-ABCDEFGH.js', '/assets/other-ABCDEFGH.js', names],
    ['/assets/other-ABCDEFGH.js', '/assets/other-ABCDEFGH.js', names],
  ])('asset(%j) is %s', (name, url, manifest) => {
    const dir = folder(files)
    expect(`${staticFiles({ dir, manifest }).asset(name)}`).toBe(url)
    const far = staticFiles({ dir, manifest, prefix: '/static', origin: 'https://cdn.example/' })
    expect(far.asset(name).url).toBe(`https://cdn.example/static${url}`)
    expect(staticFiles({ dir, manifest, origin: '' }).asset(name).url).toBe(url)
  })

  it('asset() tells the integrity of the file', () => {
    const asset = staticFiles(folder({ 'a.js': 'alert(1)' })).asset('a.js')
    // printf 'alert(1)' | openssl dgst -sha384 -binary | openssl base64 -A
    expect(asset.integrity).toBe('sha384-HT2E9NfWiuQ/w1PRai+hTyqW16NIoCGA/m8VQDUopfAtcz6YQjtsMmQd5uRbVDpW')
  })

  it('asset() of nothing throws', () => {
    expect(() => staticFiles(folder(files)).asset('src/mian.ts')).toThrow(
      'staticFiles.asset(…) must be a name in a manifest, or a file, got "src/mian.ts"',
    )
  })

  it('asset() of an index file is its directory', () => {
    expect(staticFiles(folder({ 'docs/index.html': '' })).asset('docs/index.html').url).toBe('/docs/')
  })
})

it('cacheControl has the last word, once for each file', async () => {
  const asked: string[] = []
  const ask = asking({
    dir: folder({ 'a.txt': 'text', 'b.txt': '', 'c.txt': '' }),
    cacheControl: ({ url, path, type, size, encoding, immutable }) => {
      asked.push(url)
      if (url === '/c.txt') return ''
      if (url !== '/a.txt') return undefined
      return `max-age=${size}, x="${path.endsWith('/a.txt')} ${type} ${encoding} ${immutable}"`
    },
  })
  const expected = 'max-age=4, x="true text/plain; charset=utf-8 identity false"'
  expect(await cacheControl(ask('/a.txt'))).toBe(expected)
  expect(await cacheControl(ask('/a.txt'))).toBe(expected)
  expect(await cacheControl(ask('/b.txt'))).toBe(PLAIN)
  expect(await cacheControl(ask('/c.txt'))).toBeNull()
  expect(asked.sort()).toEqual(['/a.txt', '/b.txt', '/c.txt'])
})

it('setHeaders is called once for each form, and what it sets is on every answer of it', async () => {
  const forms: string[] = []
  const ask = asking({
    dir: folder({ 'a.txt': 'text'.repeat(10), 'a.txt.gz': 'gz' }),
    setHeaders(headers, { url, encoding, size }) {
      forms.push(`${url} ${encoding} ${size} ${headers.get('content-type')}`)
      headers.set('x-form', encoding)
      headers.set('content-security-policy', "default-src 'none'")
      headers.set('cache-control', 'no-store')
      headers.delete('access-control-allow-origin')
    },
  })
  expect(forms.sort()).toEqual([
    '/a.txt gzip 2 text/plain; charset=utf-8',
    '/a.txt identity 40 text/plain; charset=utf-8',
  ])
  for (let again = 0; again < 2; again++) {
    const plainForm = await ask('/a.txt')
    expect(plainForm.headers.get('x-form')).toBe('identity')
    expect(plainForm.headers.get('cache-control')).toBe('no-store')
    expect(plainForm.headers.has('access-control-allow-origin')).toBe(false)
    expect((await ask('/a.txt', { 'accept-encoding': 'gzip' })).headers.get('x-form')).toBe('gzip')
    const unchanged = await ask('/a.txt', { 'if-none-match': '*' })
    expect(unchanged.headers.get('x-form')).toBe('identity')
    expect(unchanged.headers.get('content-security-policy')).toBe("default-src 'none'")
    await settle()
  }
  expect(forms).toHaveLength(2)
})

it('setHeaders cannot make the fields untrue that describe the bytes', async () => {
  const ask = asking({
    dir: folder({ 'a.txt': 'text'.repeat(10), 'a.txt.gz': 'gz' }),
    setHeaders(headers) {
      headers.set('content-length', '1')
      headers.set('content-encoding', 'br')
      headers.set('etag', '"mine"')
      headers.set('last-modified', 'Thu, 01 Jan 1970 00:00:00 GMT')
      headers.set('vary', 'origin')
    },
  })
  const response = await ask('/a.txt')
  expect(response.headers.get('content-length')).toBe('40')
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(response.headers.get('etag')).toMatch(/^"[\w-]{16}"$/)
  expect(response.headers.get('last-modified')).toBe(CHANGED)
  expect(response.headers.get('vary')).toBe('origin, accept-encoding')
})

it.each([
  ['*', '*'],
  ['https://app.example', 'https://app.example'],
  [false, null],
] as const)('cors %j sends %j with all that is answered', async (cors, value) => {
  const ask = asking({ dir: folder({ 'a.txt': 'text', 'dir/index.html': '' }), cors })
  const answers = [
    await ask('/a.txt'),
    await ask('/a.txt', { range: 'bytes=0-0' }),
    await ask('/a.txt', { range: 'bytes=0-0,2-2' }),
    await ask('/a.txt', { 'if-none-match': '*' }),
    await ask('/a.txt', { 'if-match': '"x"' }),
    await ask('/a.txt', { range: 'bytes=9-' }),
    await ask('/dir'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 206, 206, 304, 412, 416, 302])
  for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBe(value)
})
