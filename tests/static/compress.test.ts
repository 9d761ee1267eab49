import { describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { chmod, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as zlib from 'node:zlib'
import { compress, staticFiles, type Encoding } from '@outerware/static'
import { hasZstd } from '../support/zstd.ts'
import { asking, CHANGED, fill, folder } from './support.ts'

const TEXT = 'the quick brown fox jumps over the lazy dog, again and again\n'.repeat(200)
const NOISE = createHash('shake256', { outputLength: 4000 }).update('noise').digest()
const OLDER = '2024-05-06T07:08:08Z'

const bytesOf = (dir: string, name: string): Buffer => readFileSync(join(dir, name))
const seconds = (path: string): number => Math.floor(statSync(path).mtimeMs / 1000)
const setDate = (path: string, date: string): void => utimesSync(path, new Date(date), new Date(date))
const namesIn = (dir: string): string[] => readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
const notesOf = (dir: string): any => JSON.parse(String(bytesOf(dir, '.static-manifest.json')))

/** WBITS of a Brotli stream (RFC 7932, section 9.1). */
function windowOf([first = 0]: Uint8Array): number {
  const [middle, last] = [(first >> 1) & 7, (first >> 4) & 7]
  if ((first & 1) === 0) return 16
  if (middle !== 0) return 17 + middle
  return last === 0 ? 17 : 8 + last
}

describe('the forms', () => {
  it('hold the bytes of their file, are smaller, and have its date and mode', async () => {
    const dir = folder({ 'a.js': TEXT, 'deep/er/b.css': TEXT })
    await chmod(join(dir, 'a.js'), 0o640)
    await compress(dir)
    for (const name of ['a.js', 'deep/er/b.css']) {
      expect(String(zlib.brotliDecompressSync(bytesOf(dir, `${name}.br`)))).toBe(TEXT)
      expect(String(zlib.gunzipSync(bytesOf(dir, `${name}.gz`)))).toBe(TEXT)
      if (hasZstd) expect(String(zlib.zstdDecompressSync(bytesOf(dir, `${name}.zst`)))).toBe(TEXT)
      expect(existsSync(join(dir, `${name}.zst`))).toBe(hasZstd)
      expect(statSync(join(dir, `${name}.br`)).size).toBeLessThan(TEXT.length / 10)
      expect(statSync(join(dir, `${name}.gz`)).mtime.toUTCString()).toBe(CHANGED)
    }
    expect(statSync(join(dir, 'a.js.br')).mode & 0o777).toBe(0o640)
  })

  it('are the same bytes whenever they are made, and name neither time nor system', async () => {
    const [one, other] = [folder({ 'a.js': TEXT }), folder({ 'a.js': { text: TEXT, date: OLDER } })]
    await compress(one)
    await compress(other, { concurrency: 1 })
    for (const form of ['a.js.br', 'a.js.gz']) expect(bytesOf(one, form)).toEqual(bytesOf(other, form))
    // RFC 1952, 2.3: ID1 ID2 CM FLG MTIME(4) XFL OS; 2 is "slowest", 255 "unknown".
    expect([...bytesOf(one, 'a.js.gz').subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255])
  })

  it('have the least window that holds the file', async () => {
    const dir = folder({ 'small.js': TEXT, 'large.js': TEXT.repeat(50) })
    await compress(dir, { encodings: ['br'] })
    expect([windowOf(bytesOf(dir, 'small.js.br')), windowOf(bytesOf(dir, 'large.js.br'))]).toEqual([14, 20])
    expect(TEXT.length).toBeLessThan(2 ** 14 - 16)
    expect(TEXT.length * 50).toBeLessThan(2 ** 20 - 16)
  })

  it('are served, each under its own tag, and the warning for stale ones is not given', async () => {
    const dir = folder({ 'a.js': TEXT })
    await compress(dir)
    const reports: string[] = []
    const ask = asking({ dir, report: (message) => reports.push(message) })
    const plain = await ask('/a.js')
    const br = await ask('/a.js', { 'accept-encoding': 'br' })
    expect(br.headers.get('content-encoding')).toBe('br')
    expect(String(zlib.brotliDecompressSync(await br.bytes()))).toBe(TEXT)
    expect(br.headers.get('etag')).toBe(plain.headers.get('etag')?.replace(/"$/, '-br"'))
    expect(reports).toEqual([])
  })
})

describe('what is left as it is', () => {
  it('is what gains too little: more than minRatio of the size', async () => {
    const half = Buffer.concat([NOISE, Buffer.alloc(4000)])
    const dir = folder({ 'noise.bin': NOISE, 'half.bin': half, 'tiny.js': '1', 'none.js': '' })
    const { files } = await compress(dir, { encodings: ['gzip', 'br'] })
    expect(namesIn(dir)).toEqual(
      ['.static-manifest.json', 'half.bin', 'half.bin.br', 'half.bin.gz', 'noise.bin', 'none.js', 'tiny.js'].sort(),
    )
    expect(files.map(({ path, forms }) => [path, Object.keys(forms)])).toEqual([
      ['half.bin', ['br', 'gzip']],
      ['noise.bin', []],
      ['none.js', []],
      ['tiny.js', []],
    ])
    await compress(dir, { minRatio: 0.4 })
    expect(existsSync(join(dir, 'half.bin.br'))).toBe(false)
    expect((await compress(dir, { minRatio: 0.4, check: true })).upToDate).toBe(true)
    await compress(dir, { minRatio: 0.6 })
    expect(existsSync(join(dir, 'half.bin.br'))).toBe(true)
  })

  it.each(['photo.jpg', 'PHOTO.JPG', 'film.mp4', 'font.woff2', 'all.tar.gz', 'all.zip', 'a.br'])(
    'is %s, which is compressed in itself',
    async (name) => {
      const dir = folder({ [name]: TEXT })
      await compress(dir)
      expect(namesIn(dir)).toEqual(['.static-manifest.json', name].sort())
    },
  )

  it('is what exclude names, beside those', async () => {
    const dir = folder({ 'a.js': TEXT, 'b.PDF': TEXT, 'c.map': TEXT, 'd.jpg': TEXT })
    await compress(dir, { exclude: ['pdf', '.map'], encodings: ['br'] })
    expect(namesIn(dir)).toEqual(['.static-manifest.json', 'a.js', 'a.js.br', 'b.PDF', 'c.map', 'd.jpg'])
  })

  it('is what the server does not serve: names with a dot, links that leave the directory', async () => {
    const outside = folder({ 'secret.txt': TEXT })
    const dir = folder({
      '.git/objects': TEXT,
      '.env': TEXT,
      '.well-known/security.txt': TEXT,
      'a.js': TEXT,
      'inside.js': { link: 'a.js' },
      'outside.txt': { link: join(outside, 'secret.txt') },
      'broken.txt': { link: 'nothing' },
      loop: { link: '.' },
    })
    const { files, skipped } = await compress(dir, { encodings: ['br'] })
    expect(files.map(({ path }) => path)).toEqual(['.well-known/security.txt', 'a.js', 'inside.js'])
    expect(skipped.map(({ path, reason }) => `${path}: ${reason}`).sort()).toEqual([
      'broken.txt: a symbolic link to nothing',
      'outside.txt: a symbolic link that leaves the directory',
    ])
    expect(namesIn(dir).filter((name) => name.endsWith('.br') && !name.startsWith('loop/'))).toEqual([
      '.well-known/security.txt.br',
      'a.js.br',
      'inside.js.br',
    ])
  })
})

it('what no URL can ask for is left out, and stops nobody', async () => {
  const dir = folder({ 'a.js': TEXT, 'b\\.js': TEXT })
  const named = (name: string): Buffer => Buffer.concat([Buffer.from(`${dir}/${name}`), Buffer.from([0xff])])
  writeFileSync(named('c'), TEXT)
  mkdirSync(named('d'))
  const { files, skipped } = await compress(dir)
  expect(files.map(({ path }) => path)).toEqual(['a.js'])
  expect(skipped.map(({ path, reason }) => `${path}: ${reason}`).sort()).toEqual([
    'b\\.js: no URL can ask for a name with a backslash',
    'c\uFFFD: a name that is no UTF-8',
    'd\uFFFD: a name that is no UTF-8',
  ])
})

describe('a second run', () => {
  it('touches nothing that is up to date', async () => {
    const dir = folder({ 'a.js': TEXT, 'noise.bin': NOISE })
    expect((await compress(dir)).upToDate).toBe(false)
    const before = namesIn(dir).map((name) => [name, statSync(join(dir, name)).ctimeMs])
    const { files, upToDate } = await compress(dir)
    expect(upToDate).toBe(true)
    expect(files.map(({ changes }) => changes)).toEqual([{}, {}])
    expect(namesIn(dir).map((name) => [name, statSync(join(dir, name)).ctimeMs])).toEqual(before)
  })

  it('makes a form anew whose file was changed, even if dates and sizes say that it was not', async () => {
    const dir = folder({ 'a.js': TEXT })
    await compress(dir)
    const changed = TEXT.toUpperCase()
    fill(dir, { 'a.js': changed })
    const { files } = await compress(dir, { encodings: ['br', 'gzip'] })
    expect(files[0]?.changes).toMatchObject({ br: 'renewed', gzip: 'renewed' })
    expect(String(zlib.brotliDecompressSync(bytesOf(dir, 'a.js.br')))).toBe(changed)
    expect(String(zlib.gunzipSync(bytesOf(dir, 'a.js.gz')))).toBe(changed)
  })

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5)],
    ['empty', () => Buffer.alloc(0)],
    ['of other bytes', () => zlib.brotliCompressSync('other')],
    ['no Brotli at all', () => Buffer.from('hello, world')],
  ])('mends a form that is %s', async (_name, spoil) => {
    const dir = folder({ 'a.js': TEXT })
    await compress(dir, { encodings: ['br'] })
    const right = bytesOf(dir, 'a.js.br')
    fill(dir, { 'a.js.br': spoil(right) })
    expect((await compress(dir, { encodings: ['br'] })).files[0]?.changes).toEqual({ br: 'renewed' })
    expect(bytesOf(dir, 'a.js.br')).toEqual(right)
  })

  it('only dates a form that is right but older than its file', async () => {
    const dir = folder({ 'a.js': TEXT })
    await compress(dir, { encodings: ['gzip'] })
    setDate(join(dir, 'a.js.gz'), OLDER)
    expect((await compress(dir, { encodings: ['gzip'] })).files[0]?.changes).toEqual({ gzip: 'dated' })
    expect(seconds(join(dir, 'a.js.gz'))).toBe(seconds(join(dir, 'a.js')))
  })

  it('keeps a form of another tool that is right, and removes one that is not worth it', async () => {
    const made = zlib.gzipSync(TEXT, { level: 1 })
    const dir = folder({ 'a.js': TEXT, 'a.js.gz': made, 'noise.bin': NOISE, 'noise.bin.gz': zlib.gzipSync(NOISE) })
    const { files } = await compress(dir)
    expect(bytesOf(dir, 'a.js.gz')).toEqual(made)
    expect(files[1]?.changes).toEqual({ gzip: 'removed' })
    expect(existsSync(join(dir, 'noise.bin.gz'))).toBe(false)
  })

  it('removes a stale form of a coding that is not made, and leaves a right one', async () => {
    const dir = folder({ 'a.js': TEXT, 'b.js': TEXT })
    await compress(dir)
    fill(dir, { 'a.js': TEXT.toUpperCase() })
    await compress(dir, { encodings: ['br'] })
    expect(namesIn(dir).filter((name) => /\.(br|gz|zst)$/.test(name))).toEqual(
      ['a.js.br', 'b.js.br', 'b.js.gz', ...(hasZstd ? ['b.js.zst'] : [])].sort(),
    )
  })

  it('removes the forms of a file that is gone or excluded now, if it has made them; what is somebody’s stays', async () => {
    const dir = folder({ 'a.js': TEXT, 'b.js': TEXT, 'backup.tar.gz': 'archive', 'film.mp4': 'x', 'film.mp4.gz': 'y' })
    await compress(dir, { encodings: ['br', 'gzip'] })
    await rm(join(dir, 'a.js'))
    const { removed } = await compress(dir, { encodings: ['br', 'gzip'], exclude: ['js'] })
    expect(removed).toEqual(['a.js.br', 'a.js.gz'])
    expect(namesIn(dir)).toEqual(['.static-manifest.json', 'b.js', 'backup.tar.gz', 'film.mp4', 'film.mp4.gz'])
  })

  it('removes what a run has left that was killed, and not what another one is writing', async () => {
    const mine = `.static-${process.ppid}-0123456789ab.tmp`
    const dead = '.static-4194305-0123456789ab.tmp'
    const old = `.static-${process.ppid}-ba9876543210.tmp`
    const dir = folder({ 'a.js': TEXT, 'deep/b.txt': '' })
    for (const name of [mine, `deep/${dead}`, old]) writeFileSync(join(dir, name), 'half')
    setDate(join(dir, old), '2024-05-06T07:08:08Z')
    await compress(dir, { encodings: ['br'] })
    expect(namesIn(dir)).toEqual([mine, '.static-manifest.json', 'a.js', 'a.js.br', 'deep', 'deep/b.txt'].sort())
    expect(staticFiles({ dir, dotfiles: 'allow' }).urls()).toEqual(['/a.js', '/deep/b.txt'])
  })
})

describe('check', () => {
  it('writes nothing, and says what a run would do', async () => {
    const dir = folder({ 'a.js': TEXT, 'b.js': TEXT, 'noise.bin': NOISE })
    await compress(dir, { encodings: ['br', 'gzip'] })
    await rm(join(dir, 'a.js.br'))
    fill(dir, { 'b.js': TEXT.toUpperCase() })
    setDate(join(dir, 'a.js.gz'), OLDER)
    const before = namesIn(dir).map((name) => [name, statSync(join(dir, name)).ctimeMs])
    const { files, upToDate } = await compress(dir, { encodings: ['br', 'gzip'], check: true })
    expect(upToDate).toBe(false)
    expect(files.map(({ changes }) => changes)).toEqual([
      { br: 'made', gzip: 'dated' },
      { br: 'renewed', gzip: 'renewed' },
      {},
    ])
    expect(namesIn(dir).map((name) => [name, statSync(join(dir, name)).ctimeMs])).toEqual(before)
    await compress(dir, { encodings: ['br', 'gzip'] })
    expect((await compress(dir, { encodings: ['br', 'gzip'], check: true })).upToDate).toBe(true)
  })

  it('does not mind new dates, as a checkout gives, but a manifest that is missing', async () => {
    const dir = folder({ 'a.js': TEXT })
    await compress(dir)
    for (const name of namesIn(dir)) setDate(join(dir, name), '2025-01-01T00:00:00Z')
    expect((await compress(dir, { check: true })).upToDate).toBe(true)
    await rm(join(dir, '.static-manifest.json'))
    expect((await compress(dir, { check: true })).upToDate).toBe(false)
  })
})

describe('the manifest', () => {
  it('tells of each file its size, date, hash, forms, and whether it is immutable', async () => {
    const dir = folder({ 'app-DfX2k9aB.js': TEXT, 'photo.jpg': 'jpg', 'noise.bin': NOISE, ['__proto__']: 'own' })
    await compress(dir, { encodings: ['br'] })
    const { version, files } = notesOf(dir)
    expect(version).toBe(1)
    expect(Object.keys(files)).toEqual(['__proto__', 'app-DfX2k9aB.js', 'noise.bin', 'photo.jpg'])
    expect(files['app-DfX2k9aB.js']).toEqual({
      size: TEXT.length,
      mtimeMs: Date.parse(CHANGED),
      sha256: createHash('sha256').update(TEXT).digest('base64url'),
      forms: { br: bytesOf(dir, 'app-DfX2k9aB.js.br').length },
      immutable: true,
    })
    expect(files['photo.jpg']).toMatchObject({ forms: {}, immutable: false })
    expect(files['noise.bin']).toMatchObject({ forms: { br: null } })
  })

  it('gives the server its hashes, where size and date are those of the file', async () => {
    const dir = folder({ 'a.js': TEXT, 'b.js': TEXT, 'c.js': TEXT })
    await compress(dir)
    const manifest = join(dir, '.static-manifest.json')
    // Another hash shows where it came from.
    writeFileSync(
      manifest,
      String(readFileSync(manifest)).replaceAll(/"sha256":"[^"]{16}/g, '"sha256":"0123456789abcdef'),
    )
    fill(dir, { 'b.js': `${TEXT}more` })
    setDate(join(dir, 'c.js'), OLDER)
    const ask = asking(dir)
    expect((await ask('/a.js')).headers.get('etag')).toBe('"0123456789abcdef"')
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)
    expect((await ask('/b.js')).headers.get('etag')).toBe(`"${hash(`${TEXT}more`)}"`)
    expect((await ask('/c.js')).headers.get('etag')).toBe(`"${hash(TEXT)}"`)
  })

  it('keeps what a bundler said of the same bytes, for the server and for later runs', async () => {
    const dir = folder({ 'main-ABCDEFGH.js': TEXT, 'page-ABCDEFGH.html': TEXT })
    const manifest = { 'src/main.ts': { file: 'main-ABCDEFGH.js', name: 'main' } }
    await compress(dir, { manifest })
    await compress(dir)
    const files = staticFiles(dir)
    expect(files.asset('src/main.ts').url).toBe('/main-ABCDEFGH.js')
    expect((await asking(dir)('/main-ABCDEFGH.js')).headers.get('cache-control')).toMatch(/immutable/)
    expect((await asking(dir)('/page-ABCDEFGH.html')).headers.get('cache-control')).not.toMatch(/immutable/)
    fill(dir, { 'main-ABCDEFGH.js': `${TEXT}changed: the name has no hash` })
    await compress(dir)
    expect((await asking(dir)('/main-ABCDEFGH.js')).headers.get('cache-control')).not.toMatch(/immutable/)
  })

  it.each(['', 'no JSON', '[]', 'null', '{"files":{"../a.js":{"forms":{"br":1}},"a.js":{"size":"1"}}}'])(
    'that says %j is made anew',
    async (text) => {
      const dir = folder({ 'a.js': TEXT, '.static-manifest.json': text })
      await compress(dir, { encodings: ['br'] })
      expect(Object.keys(notesOf(dir).files)).toEqual(['a.js'])
    },
  )
})

describe('what is wrong', () => {
  it('is a directory that is not there, or a file', async () => {
    const dir = folder({ 'a.js': '' })
    const wrong = 'compress(dir) must be a directory that is there, got '
    await expect(compress(join(dir, 'b'))).rejects.toMatchObject({ code: 'ERR_OPTION' })
    await expect(compress('dits')).rejects.toThrow(`${wrong}"dits"`)
    await expect(compress(pathToFileURL(join(dir, 'a.js')))).rejects.toThrow(`${wrong}"file:`)
  })

  it.each<[options: object, message: string]>([
    [{ minRatio: 0 }, 'compress.minRatio must be a number above 0, at most 1, got 0'],
    [{ minRatio: 1.1 }, 'compress.minRatio must be a number above 0, at most 1, got 1.1'],
    [{ concurrency: 0 }, 'compress.concurrency must be a whole number >= 1, got 0'],
    [{ exclude: 'pdf' }, 'compress.exclude must be a list of extensions, such as [\'pdf\'], got "pdf"'],
    [{ encodings: ['deflate'] }, 'compress.encodings must be a list of'],
    [{ manifest: 'none.json' }, 'compress.manifest must be the path of a file that is there'],
    [
      { level: 9 },
      'compress.level must be left out: there is no such option, but encodings, minRatio, exclude, concurrency, check, manifest, dictionary, onFile, got 9',
    ],
  ])('are options: %j', async (options, message) => {
    await expect(compress(folder(), options)).rejects.toThrow(message)
  })

  it('is a file that is changed meanwhile: nothing of it is kept, all others are done', async () => {
    const dir = folder({ 'a.js': TEXT.repeat(30), 'b.js': TEXT })
    const compressing = compress(dir, {
      encodings: ['br'],
      concurrency: 1,
      // Ahead of b.js in time, and renamed over it: another file of the same size and date.
      onFile: ({ path }) => path === 'a.js' && fill(dir, { 'b.js': `${TEXT}more` }),
    })
    await expect(compressing).rejects.toMatchObject({
      code: 'ERR_COMPRESS',
      message: expect.stringContaining('b.js: it was changed while it was compressed'),
    })
    expect(namesIn(dir)).toEqual(['.static-manifest.json', 'a.js', 'a.js.br', 'b.js'])
    await rename(join(dir, 'a.js'), join(dir, 'c.js'))
    expect((await compress(dir, { encodings: ['br'] })).removed).toEqual(['a.js.br'])
  })
})

it.each<[Encoding[]]>([[['br']], [['gzip']], [['br', 'gzip']]])(
  'makes the codings that are asked for: %j',
  async (encodings) => {
    const dir = folder({ 'a.js': TEXT })
    const { files } = await compress(dir, { encodings })
    expect(Object.keys(files[0]?.forms ?? {})).toEqual(encodings)
  },
)

it('tells of each file, the largest first', async () => {
  const dir = folder({ 'a.js': 'a', 'b.js': TEXT, 'c.js': 'ccc' })
  const told: string[] = []
  await compress(dir, { concurrency: 1, onFile: ({ path }, done, total) => told.push(`${path} ${done}/${total}`) })
  expect(told).toEqual(['b.js 1/3', 'c.js 2/3', 'a.js 3/3'])
})
