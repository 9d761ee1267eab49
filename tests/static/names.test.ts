import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { asking, folder, said } from './support.ts'

const PLAIN = 'public, max-age=60'
const FOREVER = 'public, max-age=31536000, immutable'

const cacheControl = async (response: Promise<Response>): Promise<string | null> =>
  (await response).headers.get('cache-control')

/** As these tools name their outputs. */
const hashed = [
  // Vite, Rollup
  'app-DfX2k9aB.js',
  'logo-BuPIv-2h.svg',
  'index-Cz_3kQ9x.css',
  'polyfills-legacy-Dk3xQ0wZ.js',
  'app-DfX2k9aB.js.map',
  // VitePress
  'guide_start.md.Bq7xT2fK.lean.js',
  // esbuild, Angular
  'app-5LWHWKVS.js',
  'polyfills-B6TNHZQ6.js',
  'chunk-2GJ2C5JR.js',
  // webpack, Rspack, Create React App, Vue, Angular until 16, Gatsby, Storybook
  'main.3f2a91bc.chunk.js',
  '2.9d4e1c07.js',
  'chunk-vendors.8ac3d7f1.js',
  'runtime.0a1b2c3d4e5f60718293.js',
  'polyfills.b6e4d1f0a2c3b5d7.js',
  'main.3f2a91bc.js.LICENSE.txt',
  'logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg',
  'runtime~main.0d1e2f3a.iframe.bundle.js',
  // Rspack 2.3, as it was built
  '296.32e8bb13.js',
  'main.31f3494273f44ce8.js',
  'logo.ab15fdb3d77fe48a.svg',
  // Parcel 2.16, as it was built
  'lazy.d87e8b84.js',
  'logo.9efbf3db.svg',
  // Next.js until 15
  '4bd1b696-100b9d70ed4e49c1.js',
  'layout-d2d3c5d3a2f8f9a1.js',
  '7e7d96b1e6991756.css',
  // Django
  'main.55e7cbb9ba48.css',
  // Sprockets, Propshaft, Phoenix, Hugo
  `application-${'0123456789abcdef'.repeat(4)}.css`,
  'one-f2e1ec14d6856e1958083094170ca6119c529a73.js',
  'entry_d41d8cd98f.js',
  'app-d41d8cd98f00b204e9800998ecf8427e.css',
  `site.min.${'0123456789abcdef'.repeat(4)}.css`,
  // Trunk
  'app-3f2a91bc1d2e3f40_bg.wasm',
  // As chance has it: letters, then digits, or the other way.
  'app-abc12345.js',
  'app.abcdef12.js',
  'app-1234abcd.js',
  'main-20480abcdef1.js',
]
/** As people name theirs. */
const plain = [
  'app.js',
  // Words
  'runtime-deadbeef.js',
  'facade-decade12.js',
  'menu-cafe2024bad.pdf',
  'navigation-background.css',
  'navigation-component.css',
  'navigation-COMPONENT.css',
  'navigation-MyComponent.css',
  'logo-POSITIVE.svg',
  'app-abcdefgh.js',
  'app-ABCDEFGH.js',
  // Dates
  'report-20240102.pdf',
  'report-20240102b3.pdf',
  'report-2024-01-02.pdf',
  'report_24-01-02.pdf',
  'report-02Jan2024.pdf',
  'report-2024Q1v2.csv',
  'log.20240102T101010.txt',
  'IMG_20240102_101112.jpg',
  'video-1706781600000.mp4',
  // Numbers
  'app-12345678.js',
  'DSC_00012345.jpg',
  'DSC_00012345b.jpg',
  'item-a1234567.png',
  'product-B07XJ8C8F5.jpg',
  'serial-C02XG2JMJG5J.pdf',
  'call-555-1234.vcf',
  'fax-004930901820.vcf',
  // Versions
  'jquery-3.7.1.min.js',
  'lib-1.10.0.js',
  'lib-2.0.0-alpha10.js',
  'fa-solid-900.woff2',
  // Things with a number
  'phone-iphone14.png',
  'phone-iPhone14Pro.png',
  'tablet-iPad9Pro.png',
  'phone-GalaxyS24.png',
  'phone-GalaxyS24Ultra.png',
  'logo-WINDOWS7.png',
  'logo-MP4VIDEO.png',
  'tour-360VIEWS.jpg',
  // Measures
  'banner-1920x1080.png',
  'trailer-4k60hdr10.mp4',
  'show-s01e02v3.mp4',
  'setup-win10x64v2.exe',
  // Parts
  'lesson-Part1of2.pdf',
  'lesson_Part-1-B.pdf',
  // What stands for a thing, not for its bytes
  'photo-550e8400-e29b-41d4-a716-446655440000.jpg',
  'photo-550e8400e29b41d4a716446655440000.jpg',
  '507f1f77bcf86cd799439011.jpg',
  'DfX2k9aB',
  // Pages
  'page-DfX2k9aB.html',
  'page-DfX2k9aB.htm',
  'page-DfX2k9aB.xhtml',
]

describe('by its name alone', () => {
  const dir = folder(Object.fromEntries([...hashed, ...plain].map((name) => [`deep/${name}`, ''])))
  const ask = asking(dir)

  it.each(hashed)('%s is immutable', async (name) => {
    expect(await cacheControl(ask(`/deep/${name}`))).toBe(FOREVER)
  })

  it.each(plain)('%s is not', async (name) => {
    expect(await cacheControl(ask(`/deep/${name}`))).toBe(PLAIN)
  })

  it('nothing is, where immutable is false', async () => {
    const none = asking({ dir, immutable: false })
    for (const name of hashed) expect(await cacheControl(none(`/deep/${name}`))).toBe(PLAIN)
  })

  it('all but HTML is, where immutable is true', async () => {
    const all = asking({ dir, immutable: true })
    expect(await cacheControl(all('/deep/app.js'))).toBe(FOREVER)
    expect(await cacheControl(all('/deep/page-DfX2k9aB.html'))).toBe(PLAIN)
  })

  it('a RegExp is searched in the path of the URL, a global one each time anew', async () => {
    const some = asking({ dir, immutable: /^\/deep\/a/g })
    expect(await cacheControl(some('/deep/app.js'))).toBe(FOREVER)
    expect(await cacheControl(some('/deep/app-abcdefgh.js'))).toBe(FOREVER)
    expect(await cacheControl(some('/deep/app-ABCDEFGH.js'))).toBe(FOREVER)
    expect(await cacheControl(some('/deep/main.55e7cbb9ba48.css'))).toBe(PLAIN)
  })

  it('a function is given the path of the URL and the path on the disk', async () => {
    const seen: string[][] = []
    const some = asking({
      dir: folder({ 'a b.js': '', 'c.js': '' }),
      immutable: (url, path) => seen.push([url, path]) > 0 && url.includes('%20'),
    })
    expect(await cacheControl(some('/a%20b.js'))).toBe(FOREVER)
    expect(await cacheControl(some('/c.js'))).toBe(PLAIN)
    expect(seen.map(([url]) => url).sort()).toEqual(['/a%20b.js', '/c.js'])
    expect(seen.every(([url, path]) => path?.endsWith(decodeURIComponent(url ?? '')))).toBe(true)
  })
})

/** Digits of chance, the same in each run. */
function chance(seed: string, alphabet: string, length: number): string {
  const bytes = createHash('sha512').update(seed).digest()
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('')
}

const HEX = '0123456789abcdef'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('of five hundred names with hashes of chance', () => {
  const found = async (alphabet: string, length: number, beside: Record<string, string>): Promise<number> => {
    const names = Array.from({ length: 500 }, (_, i) => `app${i}-${chance(`${i}`, alphabet, length)}.js`)
    const ask = asking(folder({ ...beside, ...Object.fromEntries(names.map((name) => [name, ''])) }))
    const answers = await Promise.all(names.map((name) => cacheControl(ask(`/${name}`))))
    return answers.filter((answer) => answer === FOREVER).length
  }

  it.each([
    ['webpack', HEX, 8, 460],
    ['Django', HEX, 12, 490],
    ['Rspack', HEX, 16, 495],
    ['webpack', HEX, 20, 499],
    ['Sprockets', HEX, 64, 500],
    ['esbuild', BASE32, 8, 340],
    ['Vite', BASE64URL, 8, 280],
  ])(
    'as those of %s (%s, %i) are, at least are found beside other files: %i',
    async (_tool, alphabet, length, least) => {
      expect(await found(alphabet, length, { 'app.js': '' })).toBeGreaterThanOrEqual(least)
    },
  )

  it.each([
    ['webpack', HEX, 8, 480],
    ['esbuild', BASE32, 8, 460],
    ['Vite', BASE64URL, 8, 490],
  ])('as those of %s (%s, %i) are, at least are found among their like: %i', async (_tool, alphabet, length, least) => {
    expect(await found(alphabet, length, {})).toBeGreaterThanOrEqual(least)
  })
})

describe('in a directory whose names are all made in one way', () => {
  const build = { 'assets/app-DfX2k9aB.js': '', 'assets/app-CdxKthtZ.css': '', 'assets/logo-BnQp_mXy.svg': '' }
  const ask = asking(folder({ ...build, 'assets/site-homepage.css': '', 'assets/news-20240102.js': '' }))

  it.each(['app-DfX2k9aB.js', 'app-CdxKthtZ.css', 'logo-BnQp_mXy.svg'])('%s is immutable', async (name) => {
    expect(await cacheControl(ask(`/assets/${name}`))).toBe(FOREVER)
  })

  it.each(['site-homepage.css', 'news-20240102.js'])('%s is not: it is a word, or a date', async (name) => {
    expect(await cacheControl(ask(`/assets/${name}`))).toBe(PLAIN)
  })

  it.each([
    ['another name is beside them', { 'assets/reset.css': '' }],
    ['another length is beside them', { 'assets/reset-DfX2k9aBc.css': '' }],
  ])('what only may be a hash is not, if %s', async (_what, other) => {
    const mixed = asking(folder({ ...build, ...other }))
    expect(await cacheControl(mixed('/assets/app-DfX2k9aB.js'))).toBe(FOREVER)
    expect(await cacheControl(mixed('/assets/app-CdxKthtZ.css'))).toBe(PLAIN)
  })

  it('coded forms do not count, and nothing is without one that can only be a hash', async () => {
    const coded = asking(folder({ ...build, 'assets/app-DfX2k9aB.js.br': '', 'assets/app-DfX2k9aB.js.gz': '' }))
    expect(await cacheControl(coded('/assets/app-CdxKthtZ.css'))).toBe(FOREVER)
    const words = asking(folder({ 'assets/app-CdxKthtZ.css': '', 'assets/logo-BnQp_mXy.svg': '' }))
    expect(await cacheControl(words('/assets/app-CdxKthtZ.css'))).toBe(PLAIN)
  })
})

describe('in a directory of a framework’s build', () => {
  const files = [
    '_next/static/media/e4af272ccee01ff0-s.p.woff2',
    '_next/static/k3xQ0wZ-build-id/_buildManifest.js',
    'base/_next/static/chunks/app/page-1.js',
    // Next.js 16.4, as it was built
    '_next/static/chunks/2wkd0l_l56zu4.js',
    '_next/static/media/logo.3tz5lrpv9hshr.png',
    '_app/immutable/chunks/CdxKthtZ.js',
    '_astro/me.BzFnQkVd_Z1bXc3.webp',
    '_nuxt/CdxKthtZ.js',
  ]
  const others = [
    '_next/data.json',
    '_app/version.json',
    '_nuxt/builds/latest.json',
    'my_astro/a.js',
    '_astro/page.html',
  ]
  const ask = asking(folder(Object.fromEntries([...files, ...others].map((path) => [path, '']))))

  it.each(files)('%s is immutable, whatever its name', async (path) => {
    expect(await cacheControl(ask(`/${path}`))).toBe(FOREVER)
  })

  it.each(others)('%s is not', async (path) => {
    expect(await cacheControl(ask(`/${path}`))).toBe(PLAIN)
  })

  it.each(['_next/static/chunks/app/page-2.js', '_app/immutable/nodes/3.js', '_nuxt/entry.css'])(
    'another build’s %s is a 404 that no cache keeps, if the directory is there',
    async (path) => {
      expect(await cacheControl(ask(`/${path}`))).toBe('no-store')
      expect(await said(await asking(folder({ 'a.js': '' }))(`/${path}`))).toBe('404 app: GET')
    },
  )
})
