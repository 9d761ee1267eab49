import { afterAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { after, type App } from '@outerware/core'
import { dictionaryPreamble } from '@outerware/core/headers'
import { toNode } from '@outerware/core/node'
import { compress, staticFiles, type StaticFilesOptions } from '@outerware/static'
import { inBrowser } from '../browser/browser.ts'
import { listen, type Listening } from '../support/index.ts'
import { hasDictionaries } from '../support/zstd.ts'
import { app, asking, fill, folder, said, settle, type Ask } from './support.ts'

const hasProgram = spawnSync('zstd', ['--version']).status === 0
if (!hasProgram) {
  if (process.env['CI'] === 'true') throw new Error('There is no zstd: apt-get install zstd')
  console.info('dictionaries: what needs the program zstd is skipped: apt-get install zstd')
}
const withProgram = hasProgram ? describe : describe.skip

/** A module of many functions, no two of them alike, of which one is told apart by its build. */
const source = (build: string): string =>
  Array.from({ length: 400 }, (_, i) => {
    const word = createHash('sha256').update(`${i}`).digest('base64url')
    return `export function f${i}(a) { return a + '${i === 200 ? build : word}' }`
  }).join('\n') + `\nglobalThis.build = '${build}'\n`

const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest()
const [OLD, NEW] = [source('old'), source('new')]
const oldHash = digest(OLD)
const MARK = oldHash.toString('base64url').slice(0, 8)
const HAS_OLD = { 'accept-encoding': 'gzip, br, dcz', 'available-dictionary': `:${oldHash.toString('base64')}:` }

const zstd = (args: readonly string[], input: Uint8Array): Buffer => {
  const { stdout, stderr, status } = spawnSync('zstd', ['-q', '-c', ...args], { input, maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(String(stderr))
  return stdout
}
const dictionaryFile = join(folder({ 'app.js': OLD }), 'app.js')
const PREAMBLE = 40

/** What a client makes of a `dcz` body: the program has nothing of ours in it. */
function decode(body: Uint8Array): string {
  expect(Buffer.from(body.subarray(0, PREAMBLE))).toEqual(Buffer.from(dictionaryPreamble('dcz', oldHash)))
  return String(zstd(['-d', '-D', dictionaryFile], body.subarray(PREAMBLE)))
}

/** Made by the program, so that it is there on each Node. */
const delta = Buffer.concat([
  dictionaryPreamble('dcz', oldHash),
  hasProgram ? zstd(['-19', '-D', dictionaryFile], Buffer.from(NEW)) : Buffer.alloc(0),
])
const [NEW_BR, NEW_GZ] = [brotliCompressSync(NEW), gzipSync(NEW)]

/** The new build, as `compress --dictionary` leaves it. */
function built(): string {
  const dir = folder({
    'index.html': '<script type="module" src="/assets/app-9kQ1ZbXc.js"></script>',
    'assets/app-9kQ1ZbXc.js': NEW,
    'assets/app-9kQ1ZbXc.js.br': NEW_BR,
    'assets/app-9kQ1ZbXc.js.gz': NEW_GZ,
    [`assets/app-9kQ1ZbXc.js.${MARK}.dcz`]: delta,
    'assets/small-3fK2mQ9x.js': 'let a',
    'style.css': NEW,
    'style.css.gz': NEW_GZ,
  })
  const { size, mtimeMs } = statSync(join(dir, 'assets/app-9kQ1ZbXc.js'))
  const note = {
    size,
    mtimeMs,
    sha256: digest(NEW).toString('base64url'),
    immutable: true,
    dictionaries: { [oldHash.toString('base64url')]: delta.length },
  }
  fill(dir, { '.static-manifest.json': JSON.stringify({ version: 1, files: { 'assets/app-9kQ1ZbXc.js': note } }) })
  return dir
}

const asked = (dir: string, options: Partial<StaticFilesOptions> = {}): Ask =>
  asking({ dir, dictionaries: true, ...options })
const URL_PATH = '/assets/app-9kQ1ZbXc.js'
const codingOf = async (ask: Ask, headers: Record<string, string>): Promise<string | null> =>
  (await ask(URL_PATH, headers)).headers.get('content-encoding')

describe('Use-As-Dictionary', () => {
  const offered = async (path: string, options: Partial<StaticFilesOptions> = {}): Promise<string | null> =>
    (await asked(built(), options)(path)).headers.get('use-as-dictionary')

  it('offers a file for those that differ from it in nothing but the hash', async () => {
    expect(await offered(URL_PATH)).toBe('match="/assets/app-*.js"')
    expect(await offered(`/cdn(1)${URL_PATH}`, { prefix: '/cdn(1)' })).toBe('match="/cdn\\\\(1\\\\)/assets/app-*.js"')
  })

  it('offers a file without a hash for itself, if caches keep it long enough to be of use', async () => {
    expect(await offered('/style.css')).toBeNull()
    expect(await offered('/style.css', { maxAge: '30d' })).toBe('match="/style.css"')
  })

  it('offers none that has no coded form, and none unless it is wanted', async () => {
    expect(await offered('/assets/small-3fK2mQ9x.js')).toBeNull()
    expect(await offered(URL_PATH, { dictionaries: false })).toBeNull()
  })

  it('offers no part of a file, and no page that goes with a 404', async () => {
    const part = await asked(built())(URL_PATH, { range: 'bytes=0-1' })
    expect([part.status, part.headers.get('use-as-dictionary')]).toEqual([206, null])
    const ask = asked(built(), { notFound: 'style.css', fallthrough: false, maxAge: '30d' })
    const missing = await ask('/nothing')
    expect([missing.status, missing.headers.get('use-as-dictionary')]).toEqual([404, null])
  })

  it('is on a 304 too, and on each form', async () => {
    const ask = asked(built())
    for (const headers of [{ 'if-none-match': '*' }, { 'accept-encoding': 'br' }, { 'accept-encoding': 'gzip' }]) {
      expect((await ask(URL_PATH, headers)).headers.get('use-as-dictionary')).toBe('match="/assets/app-*.js"')
    }
  })
})

withProgram('a delta', () => {
  it('is sent to who has its dictionary, and gives the file', async () => {
    const ask = asked(built())
    // From the disk, and from memory.
    for (let again = 0; again < 2; again++) {
      const response = await ask(URL_PATH, HAS_OLD)
      const body = await response.bytes()
      expect(response.status).toBe(200)
      expect(decode(body)).toBe(NEW)
      expect(body.length).toBeLessThan(NEW_BR.length / 50)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-encoding': 'dcz',
        'content-length': String(body.length),
        'content-type': 'text/javascript; charset=utf-8',
        vary: 'accept-encoding, available-dictionary',
        'cache-control': 'public, max-age=31536000, immutable',
        etag: `"${digest(NEW).toString('base64url').slice(0, 16)}-${MARK}.dcz"`,
      })
      await settle()
    }
  })

  it.each<[string, Record<string, string>, string | null]>([
    ['the dictionary, and dcz', {}, 'dcz'],
    ['a Dictionary-ID as well, which we give none', { 'dictionary-id': '"x"' }, 'dcz'],
    ['dcz in capitals', { 'accept-encoding': 'BR, DCZ' }, 'dcz'],
    ['anything', { 'accept-encoding': '*' }, 'dcz'],
    ['dcz more than br', { 'accept-encoding': 'br;q=0.4, dcz;q=0.5' }, 'dcz'],
    ['br more than dcz', { 'accept-encoding': 'br, dcz;q=0.5' }, 'br'],
    ['no dcz', { 'accept-encoding': 'gzip, br' }, 'br'],
    ['dcz by no means', { 'accept-encoding': 'dcz;q=0, gzip' }, 'gzip'],
    ['dcb only, which is of Brotli', { 'accept-encoding': 'br, dcb' }, 'br'],
    ['no coding', { 'accept-encoding': 'identity' }, null],
    ['another dictionary', { 'available-dictionary': `:${digest('other').toString('base64')}:` }, 'br'],
    ['the hash without colons', { 'available-dictionary': oldHash.toString('base64') }, 'br'],
    ['the hash in base64url', { 'available-dictionary': `:${Buffer.alloc(32, 0xfb).toString('base64url')}:` }, 'br'],
    ['no hash', { 'available-dictionary': '' }, 'br'],
  ])('is chosen as the client says: %s', async (_what, headers, coding) => {
    expect(await codingOf(asked(built()), { ...HAS_OLD, ...headers })).toBe(coding)
  })

  it('is not sent without a dictionary at hand, nor where dictionaries are not wanted', async () => {
    expect(await codingOf(asked(built()), { 'accept-encoding': 'br, dcz' })).toBe('br')
    expect(await codingOf(asked(built(), { dictionaries: false }), HAS_OLD)).toBe('br')
  })

  it('makes all answers of its file vary by the dictionary, and those of other files not', async () => {
    const ask = asked(built())
    for (const headers of [{}, { 'accept-encoding': 'br' }, { 'if-none-match': '*' }, { range: 'bytes=0-1' }]) {
      expect((await ask(URL_PATH, headers)).headers.get('vary')).toBe('accept-encoding, available-dictionary')
    }
    expect((await ask('/style.css')).headers.get('vary')).toBe('accept-encoding')
    expect((await ask('/assets/small-3fK2mQ9x.js')).headers.get('vary')).toBeNull()
  })

  it('has a tag of its own, by which it is revalidated; a range is of the plain form', async () => {
    const ask = asked(built())
    const tag = (await ask(URL_PATH, HAS_OLD)).headers.get('etag')!
    expect((await ask(URL_PATH, { ...HAS_OLD, 'if-none-match': tag })).status).toBe(304)
    expect((await ask(URL_PATH, { 'accept-encoding': 'br', 'if-none-match': tag })).status).toBe(200)
    expect(await said(await ask(URL_PATH, { ...HAS_OLD, range: 'bytes=0-5' }))).toBe('206 export')
    // If-Range names the delta, and a range of that is not to be had.
    expect(await codingOf(ask, { ...HAS_OLD, range: 'bytes=0-5', 'if-range': tag })).toBe('dcz')
  })

  it('HEAD tells of it', async () => {
    const { headers, body } = await asked(built())(URL_PATH, HAS_OLD, 'HEAD')
    expect([headers.get('content-encoding'), body]).toEqual(['dcz', null])
  })

  it('has no URL of its own, wanted or not', async () => {
    for (const dictionaries of [true, false]) {
      const ask = asked(built(), { dictionaries, immutable: false })
      expect(await said(await ask(`${URL_PATH}.${MARK}.dcz`))).toBe('404 app: GET')
    }
  })

  it('is of that file only: one that was changed is sent whole', async () => {
    const dir = built()
    const ask = asked(dir, { recheckMs: 0 })
    expect(await codingOf(ask, HAS_OLD)).toBe('dcz')
    writeFileSync(join(dir, URL_PATH), `${NEW}// changed`)
    const response = await ask(URL_PATH, HAS_OLD)
    expect([response.headers.get('content-encoding'), await response.text()]).toEqual([null, `${NEW}// changed`])
  })

  it.each<[string, (dir: string, delta: string) => void]>([
    ['it is gone', (_dir, delta) => rmSync(delta)],
    ['it has another size', (_dir, delta) => writeFileSync(delta, 'x')],
    ['the manifest is gone', (dir) => rmSync(join(dir, '.static-manifest.json'))],
    ['the manifest is of another file', (dir) => writeFileSync(join(dir, URL_PATH), `${NEW} `)],
  ])('is not sent if %s', async (_what, spoil) => {
    const dir = built()
    spoil(dir, join(dir, `${URL_PATH}.${MARK}.dcz`))
    expect(await codingOf(asked(dir), HAS_OLD)).not.toBe('dcz')
  })

  it('that is gone while the site runs leaves the next best form', async () => {
    const dir = built()
    const ask = asked(dir, { cache: false })
    rmSync(join(dir, `${URL_PATH}.${MARK}.dcz`))
    expect((await (await ask(URL_PATH, { ...HAS_OLD, 'accept-encoding': 'dcz' })).text()).length).toBe(NEW.length)
  })

  it('a hook may dress it, and the form is told', async () => {
    const heard: string[] = []
    const ask = asked(built(), {
      setHeaders: (headers, { encoding }) => {
        heard.push(encoding)
        headers.set('vary', 'accept-encoding')
      },
    })
    expect((await ask(URL_PATH, HAS_OLD)).headers.get('vary')).toBe('accept-encoding, available-dictionary')
    expect(heard).toContain('dcz')
  })
})

if (!hasDictionaries) {
  console.info(`dictionaries: the making of deltas is skipped: Node 22.19 or 24.6 does it, this is ${process.version}`)
}
const withNode = hasDictionaries && hasProgram ? describe : describe.skip

withNode('compress(dir, { dictionary })', () => {
  const earlier = (): string =>
    folder({ 'assets/app-DfX2k9aB.js': OLD, 'style.css': OLD, 'same.js': NEW, 'gone.js': OLD })
  const later = (): string => folder({ 'assets/app-9kQ1ZbXc.js': NEW, 'style.css': NEW, 'same.js': NEW, 'new.js': NEW })
  const deltasIn = (dir: string): string[] =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.dcz'))
      .sort()
  const both = [`assets/app-9kQ1ZbXc.js.${MARK}.dcz`, `style.css.${MARK}.dcz`]

  it('makes a delta of each file that was another, which a real zstd decodes and the server sends', async () => {
    const dir = later()
    const { files } = await compress(dir, { dictionary: earlier() })
    expect(deltasIn(dir)).toEqual(both)
    for (const name of both) expect(decode(readFileSync(join(dir, name)))).toBe(NEW)
    const [file] = files
    expect(file?.deltas).toEqual({ [oldHash.toString('base64url')]: statSync(join(dir, both[0]!)).size })
    expect(file?.deltaChanges).toEqual(['made'])
    const response = await asked(dir)(URL_PATH, HAS_OLD)
    expect(decode(await response.bytes())).toBe(NEW)
  })

  it('finds the file by its name in the manifest, where its path is another', async () => {
    const [from, dir] = [folder({ 'x/one.js': OLD }), folder({ 'y/two.js': NEW })]
    await compress(from, { manifest: { 'src/main.ts': 'x/one.js' } })
    await compress(dir, { manifest: { 'src/main.ts': 'y/two.js' }, dictionary: from })
    expect(deltasIn(dir)).toEqual([`y/two.js.${MARK}.dcz`])
  })

  it('makes none where it cannot tell which of several files it was, or gains nothing', async () => {
    const dir = later()
    await compress(dir, { dictionary: folder({ 'assets/app-DfX2k9aB.js': OLD, 'assets/app-3fK2mQ9x.js': OLD }) })
    expect(deltasIn(dir)).toEqual([])
    await compress(dir, { dictionary: folder({ 'style.css': 'nothing alike' }) })
    expect(deltasIn(dir)).toEqual([])
  })

  it('is up to date the second time, keeps deltas when it is not asked for any, and makes the same bytes again', async () => {
    const [from, dir, again] = [earlier(), later(), later()]
    await compress(dir, { dictionary: from })
    expect((await compress(dir, { dictionary: from })).upToDate).toBe(true)
    expect((await compress(dir)).upToDate).toBe(true)
    expect(deltasIn(dir)).toEqual(both)
    await compress(again, { dictionary: [from] })
    expect(readFileSync(join(again, both[1]!)).equals(readFileSync(join(dir, both[1]!)))).toBe(true)
  })

  it('removes deltas of a file that has changed or is gone, and of a build that is not named any more', async () => {
    const [from, dir] = [earlier(), later()]
    await compress(dir, { dictionary: from })
    rmSync(join(dir, 'style.css'))
    writeFileSync(join(dir, URL_PATH), `${NEW}// changed`)
    await compress(dir)
    expect(deltasIn(dir)).toEqual([])
    await compress(dir, { dictionary: from })
    expect(deltasIn(dir)).toEqual(both.slice(0, 1))
    await compress(dir, { dictionary: folder({}) })
    expect(deltasIn(dir)).toEqual([])
  })

  it('mends a delta that is spoilt; with check it only says so', async () => {
    const [from, dir] = [earlier(), later()]
    await compress(dir, { dictionary: from })
    const path = join(dir, both[1]!)
    writeFileSync(path, readFileSync(path).fill(0, 45))
    const { upToDate, files } = await compress(dir, { dictionary: from, check: true })
    expect([upToDate, ...files.flatMap(({ deltaChanges }) => deltaChanges)]).toEqual([false, 'renewed'])
    await compress(dir, { dictionary: from })
    expect(decode(readFileSync(path))).toBe(NEW)
  })

  it('says what is wrong with a directory', async () => {
    await expect(compress(later(), { dictionary: 'no/such' })).rejects.toMatchObject({
      message: 'compress.dictionary must be a directory that is there, got "no/such"',
    })
  })
})

const withoutNode = hasDictionaries ? it.skip : it

withoutNode('compress(dir, { dictionary }) on a Node that cannot says so', async () => {
  await expect(compress(folder({}), { dictionary: 'x' })).rejects.toMatchObject({
    message:
      'compress.dictionary must be left out: this Node has no zstd with a dictionary, which came with 22.19 and 24.6, got "x"',
  })
})

inBrowser('dictionaries in a browser', (open) => {
  const running: Listening[] = []
  afterAll(() => Promise.all(running.map((site) => site.close())))

  it('a browser that has the old build fetches the new one as a delta, and runs it', async () => {
    const before = folder({
      'index.html': '<script type="module" src="/assets/app-DfX2k9aB.js"></script>',
      'assets/app-DfX2k9aB.js': OLD,
      'assets/app-DfX2k9aB.js.br': brotliCompressSync(OLD),
    })
    let site: App = staticFiles({ dir: before, dictionaries: true })(app)
    const sent: (string | null)[] = []
    const offered: (string | null)[] = []
    const seen: App = (request, context) =>
      after(site(request, context), (response) => {
        offered.push(request.headers.get('available-dictionary'))
        if (request.url.endsWith(URL_PATH)) sent.push(response.headers.get('content-encoding'))
        return response
      })
    const listening = await listen(toNode(seen))
    running.push(listening)
    const { page, complaints } = await open()
    await page.goto(`${listening.url}/`)
    await page.waitForFunction('globalThis.build === "old"')
    // The browser puts a dictionary away when it has the time.
    for (let tries = 0; tries < 600 && !offered.at(-1); tries++) {
      await sleep(100)
      await page.evaluate(`fetch('/assets/app-3fK2mQ9x.js').then((response) => response.text())`)
    }
    expect(offered.at(-1)).toBe(`:${oldHash.toString('base64')}:`)

    site = staticFiles({ dir: built(), dictionaries: true })(app)
    await page.goto(`${listening.url}/?new`)
    await page.waitForFunction('globalThis.build === "new"')
    expect(sent).toEqual(['dcz'])
    expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([])
  })
})
