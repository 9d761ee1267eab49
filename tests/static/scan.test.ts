import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { respond } from '@outerware/core'
import { staticFiles, type StaticFilesOptions } from '@outerware/static'
import { app, asking, asks, fill, folder, said, settle } from './support.ts'

/** Urls and messages of a scan. */
function scanned(options: StaticFilesOptions): { urls: string[]; messages: string[] } {
  const messages: string[] = []
  const files = staticFiles({ ...options, report: (message) => messages.push(message) })
  return { urls: files.urls(), messages }
}

/** Root may read everything, and so becomes nobody, in a process of its own. */
async function scannedByNobody(dir: string): Promise<ReturnType<typeof scanned>> {
  const script = `const { staticFiles } = await import('@outerware/static')
    if (process.getuid() === 0) process.setuid(65534)
    const messages = []
    const urls = staticFiles({ dir: '${dir}', report: (message) => messages.push(message) }).urls()
    console.log(JSON.stringify({ urls, messages }))`
  const isBuilt = fileURLToPath(import.meta.resolve('@outerware/static')).endsWith('.js')
  const fromSource = ['--conditions=@outerware/source', `--import=${resolve('tools/typescript.js')}`]
  const args = [...(isBuilt ? [] : fromSource), '--input-type=module', `--eval=${script}`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout)
}

describe('what is wrong with one file is reported once, and stops nobody', () => {
  it.each<[string, (dir: string) => void, RegExp]>([
    ['a broken link', (dir) => symlinkSync('nowhere', join(dir, 'bad')), /\/bad: a symbolic link to nothing$/],
    [
      'a link to itself',
      (dir) => symlinkSync('bad', join(dir, 'bad')),
      /\/bad: a symbolic link that leads back to itself$/,
    ],
    [
      'a link to the directory it is in',
      (dir) => symlinkSync('.', join(dir, 'bad')),
      /\/bad: a symbolic link to a dir/,
    ],
    ['a link to outside', (dir) => symlinkSync('/etc', join(dir, 'bad')), /\/bad: a symbolic link that leaves/],
    ['a name with a backslash', (dir) => writeFileSync(join(dir, 'b\\ad'), ''), /\/b\\ad: no URL can ask for/],
  ])('%s', (_name, spoil, message) => {
    const dir = folder({ 'a.txt': '', 'deep/b.txt': '' })
    spoil(dir)
    const { urls, messages } = scanned({ dir })
    expect(urls).toEqual(['/a.txt', '/deep/b.txt'])
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/^staticFiles: Left out, and not served:\n {2}\//)
    expect(messages[0]).toMatch(message)
  })

  it.each(['a.txt', 'deep'])('%s that may not be read', async (name) => {
    const dir = folder({ 'a.txt': '', 'deep/b.txt': '', 'c.txt': '' })
    chmodSync(dir, 0o755)
    chmodSync(join(dir, name), 0)
    const { urls, messages } = await scannedByNobody(dir)
    chmodSync(join(dir, name), 0o755)
    expect(urls).toEqual(name === 'deep' ? ['/a.txt', '/c.txt'] : ['/c.txt', '/deep/b.txt'])
    expect(messages).toEqual([expect.stringContaining('EACCES: permission denied')])
  })

  it('many things wrong are one message, which names the first twenty', () => {
    const dir = folder({ 'a.txt': '' })
    for (let i = 0; i < 25; i++) symlinkSync('nowhere', join(dir, `bad${i}`))
    const { messages } = scanned({ dir })
    expect(messages).toHaveLength(1)
    expect(messages[0]?.split('\n')).toHaveLength(22)
    expect(messages[0]).toMatch(/\n {2}and 5 more$/)
  })

  it('a name is told in one line, whatever is in it', () => {
    const dir = folder({ 'a.txt': '' })
    symlinkSync('nowhere', join(dir, 'two\nlines \u001B[2J\u202E.txt'))
    expect(scanned({ dir }).messages).toEqual([
      `staticFiles: Left out, and not served:\n  ${dir}/two\\u{a}lines \\u{1b}[2J\\u{202e}.txt: a symbolic link to nothing`,
    ])
  })

  it('a pipe or a socket is no file, and nobody waits for it', async () => {
    const dir = folder({ 'a.txt': 'a' })
    execFileSync('mkfifo', [join(dir, 'pipe')])
    expect(scanned({ dir })).toEqual({ urls: ['/a.txt'], messages: [] })
    expect(await said(await asking(dir)('/pipe'))).toBe('404 app: GET')
  })

  it('a name that is no UTF-8 is left out, and said; the sign for it may be in a name', () => {
    const dir = folder({ 'a.txt': '' })
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0x62, 0xff])]), '')
    expect(readdirSync(dir)).toHaveLength(2)
    mkdirSync(Buffer.concat([Buffer.from(`${dir}/d`), Buffer.from([0xff])]))
    writeFileSync(join(dir, '\uFFFD.txt'), '')
    const { urls, messages } = scanned({ dir })
    expect(urls).toEqual(['/%EF%BF%BD.txt', '/a.txt'])
    expect(messages.join().match(/: a name that is no UTF-8/g)).toHaveLength(2)
  })
})

describe('symbolic links', () => {
  const outside = folder({ 'out.txt': 'outside', 'deep/x.txt': 'x' })
  const dir = folder({
    'a.txt': 'a',
    'deep/b.txt': 'b',
    'to-file.txt': { link: 'a.txt' },
    'to-dir': { link: 'deep' },
    'out.txt': { link: join(outside, 'out.txt') },
    'out-dir': { link: outside },
    'deep/up.txt': { link: '../a.txt' },
    'deep/far.txt': { link: `../../${outside.split('/').at(-1)}/out.txt` },
    'z.js': 'zzzzzzzzzz',
    'z.js.gz': { link: join(outside, 'out.txt') },
  })
  const inside = ['/a.txt', '/deep/b.txt', '/deep/up.txt', '/to-dir/b.txt', '/to-dir/up.txt', '/to-file.txt', '/z.js']

  it('inside: those that stay in the directory are followed', async () => {
    expect(scanned({ dir }).urls).toEqual(inside)
    expect(await said(await asking(dir)('/to-dir/b.txt'))).toBe('200 b')
    expect(await said(await asking(dir)('/z.js', { 'accept-encoding': 'gzip' }))).toBe('200 zzzzzzzzzz')
  })

  it('inside: a directory whose path only begins alike is outside', () => {
    const near = folder({ 'a.txt': '' })
    const other = `${near}-secret`
    fill(other, { 'secret.txt': 'SECRET' })
    symlinkSync(join(other, 'secret.txt'), join(near, 'secret.txt'))
    const { urls } = scanned({ dir: near })
    rmSync(other, { recursive: true })
    expect(urls).toEqual(['/a.txt'])
  })

  it('true: all are followed', () => {
    expect(scanned({ dir, followSymlinks: true }).urls).toEqual(
      [...inside, '/deep/far.txt', '/out-dir/deep/x.txt', '/out-dir/out.txt', '/out.txt', '/to-dir/far.txt'].sort(),
    )
  })

  it('false: none are, and that is no news', () => {
    expect(scanned({ dir, followSymlinks: false })).toEqual({ urls: ['/a.txt', '/deep/b.txt', '/z.js'], messages: [] })
  })

  it('the directory itself may be one', async () => {
    const linked = join(folder({ link: { link: dir } }), 'link')
    expect(scanned({ dir: linked }).urls).toEqual(inside)
    expect(await said(await asking(linked)('/to-file.txt'))).toBe('200 a')
  })
})

it('of two names that are one in Unicode, one is served', () => {
  const dir = folder({ '\u00f6.txt': 'composed', 'o\u0308.txt': 'decomposed' })
  expect(scanned({ dir }).urls).toEqual(['/%C3%B6.txt'])
})

describe('reload()', () => {
  it('finds what is new, forgets what is gone, and keeps what is unchanged in memory', async () => {
    const dir = folder({ 'a.txt': 'a', 'b.txt': 'b' })
    await settle()
    const files = staticFiles({ dir, recheckMs: Infinity })
    const ask = asks(files(app))
    expect(await said(await ask('/a.txt'))).toBe('200 a')
    fill(dir, { 'c.txt': 'c', 'assets/app-DfX2k9aB.js': '' })
    unlinkSync(join(dir, 'b.txt'))
    expect(await said(await ask('/c.txt'))).toBe('404 app: GET')
    await files.reload()
    expect(await said(await ask('/c.txt'))).toBe('200 c')
    expect(await said(await ask('/b.txt'))).toBe('404 app: GET')
    expect(await said(await ask('/assets/app-OlD4k8zC.js'))).toBe('404 404 Not Found\n')
    // In memory: it is answered although it is not there any more.
    rmSync(dir, { recursive: true })
    expect(await said(await ask('/a.txt'))).toBe('200 a')
  })

  it('answers from the old list until the new one is whole', async () => {
    const dir = folder(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`old/${i}.txt`, 'old'])))
    const files = staticFiles({ dir })
    const ask = asks(files(app))
    renameSync(join(dir, 'old'), join(dir, 'new'))
    const reloading = files.reload()
    await new Promise((resolve) => setImmediate(resolve))
    expect(files.urls()).toContain('/old/0.txt')
    expect((await ask('/new/0.txt')).status).toBe(404)
    await reloading
    expect(files.urls()).not.toContain('/old/0.txt')
    expect((await ask('/new/0.txt')).status).toBe(200)
    expect(files.urls()).toHaveLength(600)
  })

  it('rejects if the directory is gone, and keeps the old list', async () => {
    const dir = folder({ 'a.txt': 'a' })
    const files = staticFiles({ dir })
    renameSync(dir, `${dir}.gone`)
    await expect(files.reload()).rejects.toThrow(`staticFiles.dir must be a directory that is there, got "${dir}"`)
    expect(files.urls()).toEqual(['/a.txt'])
    renameSync(`${dir}.gone`, dir)
    fill(dir, { 'b.txt': 'b' })
    await files.reload()
    expect(files.urls()).toEqual(['/a.txt', '/b.txt'])
  })

  it('sees what was there when it was asked for, also if another one is under way', async () => {
    const dir = folder({ 'a.txt': 'a' })
    const files = staticFiles({ dir })
    const first = files.reload()
    fill(dir, { 'b.txt': 'b' })
    await files.reload()
    await first
    expect(files.urls()).toEqual(['/a.txt', '/b.txt'])
  })

  it('that is asked for again and again is done once after the one that is under way', async () => {
    let asked = 0
    const dir = folder({ 'a.txt': 'a' })
    const files = staticFiles({ dir, cacheControl: () => ((asked += 1), undefined) })
    expect(asked).toBe(1)
    const first = Array.from({ length: 10 }, () => files.reload())
    await Promise.resolve()
    await Promise.resolve()
    fill(dir, { 'b.txt': 'b' })
    await Promise.all([...first, ...Array.from({ length: 10 }, () => files.reload())])
    expect(files.urls()).toEqual(['/a.txt', '/b.txt'])
    // One file at first, one in the first reload or two, two in the second.
    expect(asked).toBeLessThanOrEqual(5)
  })

  it('asks the hooks anew, and heeds what they say', async () => {
    const dir = folder({ 'a.txt': 'a' })
    let value = 'one'
    const files = staticFiles({ dir, setHeaders: (headers) => headers.set('x-value', value) })
    const ask = asks(files(app))
    expect((await ask('/a.txt')).headers.get('x-value')).toBe('one')
    value = 'two'
    await files.reload()
    expect((await ask('/a.txt')).headers.get('x-value')).toBe('two')
  })
})

it('close() leaves everything to the app', async () => {
  const files = staticFiles(folder({ 'a.txt': 'a' }))
  const ask = asks(files(() => respond('app')))
  expect(await said(await ask('/a.txt'))).toBe('200 a')
  files.close()
  expect(await said(await ask('/a.txt'))).toBe('200 app')
  expect(files.urls()).toEqual([])
  await files.reload()
  expect(files.urls()).toEqual([])
})

describe('dev', () => {
  it('sees each change at once, by the same rules', async () => {
    const dir = folder({ 'a.txt': 'a', 'docs/index.html': 'docs' })
    const ask = asking({ dir, dev: true, extensions: ['html'] })
    expect(await said(await ask('/a.txt'))).toBe('200 a')
    writeFileSync(join(dir, 'a.txt'), 'changed')
    expect(await said(await ask('/a.txt'))).toBe('200 changed')
    unlinkSync(join(dir, 'a.txt'))
    expect(await said(await ask('/a.txt'))).toBe('404 app: GET')
    fill(dir, {
      'new/page.html': 'page',
      'new/index.html': 'index',
      'new/x.js': 'plain'.repeat(9),
      'new/x.js.gz': 'gz',
      '.env': 'SECRET',
      'out.txt': { link: '/etc/passwd' },
    })
    expect(await said(await ask('/new/page.html'))).toBe('200 page')
    expect(await said(await ask('/new/page'))).toBe('200 page')
    expect(await said(await ask('/new/'))).toBe('200 index')
    expect((await ask('/new?x=1')).headers.get('location')).toBe('new/?x=1')
    expect((await ask('/new/index.html')).headers.get('location')).toBe('./')
    expect(await said(await ask('/new/x.js', { 'accept-encoding': 'gzip' }))).toBe('200 gz')
    for (const path of ['/new/x.js.gz', '/.env', '/out.txt', '/new/page.html/', '//new/page.html', '/new/nothing']) {
      expect(await said(await ask(path))).toBe('404 app: GET')
    }
  })

  it('sends no-cache, for hashed names and redirects too, and has conditions and ranges', async () => {
    const dir = folder({ 'a-DfX2k9aB.js': 'hashed', 'docs/index.html': '' })
    const ask = asking({ dir, dev: true, cacheControl: () => 'max-age=9' })
    const response = await ask('/a-DfX2k9aB.js')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect((await ask('/docs')).headers.get('cache-control')).toBe('no-cache')
    const tag = response.headers.get('etag') ?? ''
    expect((await ask('/a-DfX2k9aB.js', { 'if-none-match': tag })).status).toBe(304)
    expect(await said(await ask('/a-DfX2k9aB.js', { range: 'bytes=0-1' }))).toBe('206 ha')
  })

  it('reads the manifest each time it is asked for an asset', () => {
    const dir = folder({ 'assets/a-1.js': '', 'assets/a-2.js': '', plain: '' })
    const files = staticFiles({ dir, dev: true })
    const manifest = (file: string): void =>
      fill(dir, { '.vite/manifest.json': JSON.stringify({ 'src/a.ts': { file, src: 'src/a.ts' } }) })
    manifest('assets/a-1.js')
    expect(files.asset('src/a.ts').url).toBe('/assets/a-1.js')
    manifest('assets/a-2.js')
    expect(files.asset('src/a.ts').url).toBe('/assets/a-2.js')
    expect(files.asset('plain').url).toBe('/plain')
    expect(() => files.asset('src/b.ts')).toThrow(/^staticFiles\.asset/)
  })

  it('finds the page of a single-page app when it is made, and has no pages of another build', async () => {
    const dir = folder({ 'x.txt': '' })
    const ask = asking({ dir, dev: true, single: true })
    expect(await said(await ask('/users', { accept: 'text/html' }))).toBe('404 app: GET')
    fill(dir, { 'index.html': 'page' })
    expect(await said(await ask('/users', { accept: 'text/html' }))).toBe('200 page')
  })

  it('lists what is there', () => {
    const dir = folder({ 'a.txt': '' })
    const files = staticFiles({ dir, dev: true })
    mkdirSync(join(dir, 'deep'))
    fill(dir, { 'deep/b.txt': '' })
    expect(files.urls()).toEqual(['/a.txt', '/deep/b.txt'])
    files.close()
    expect(files.urls()).toEqual([])
  })
})
