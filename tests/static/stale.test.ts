import { describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { chmodSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { asking, CHANGED, folder, settle } from './support.ts'

const NOW = 'hello, '.repeat(100)
const THEN = 'Hello, '.repeat(100)

const changed = Date.parse(CHANGED)
const dated = (path: string, ms: number): void => utimesSync(path, ms / 1000, ms / 1000)

/** A folder with app.js of now, and a gzip form; both with their dates, in ms after the full second. */
function pair(form: Uint8Array | string, formMs: number, fileMs: number): string {
  const dir = folder({ 'app.js': NOW, 'app.js.gz': form })
  dated(join(dir, 'app.js'), changed + fileMs)
  dated(join(dir, 'app.js.gz'), changed + formMs)
  return dir
}

const codingOf = async (ask: ReturnType<typeof asking>, path = '/app.js'): Promise<string | null> =>
  (await ask(path, { 'accept-encoding': 'gzip, br, zstd' })).headers.get('content-encoding')

describe('a sibling that is a part of a second older than its file', () => {
  it.each<[string, Uint8Array | string, string | null]>([
    ['holds its bytes', zlib.gzipSync(NOW), 'gzip'],
    ['holds others, of the same number', zlib.gzipSync(THEN), null],
    ['holds fewer', zlib.gzipSync(NOW.slice(1)), null],
    ['holds more', zlib.gzipSync(`${NOW}.`), null],
    ['would fill the memory', zlib.gzipSync(Buffer.alloc(500_000)), null],
    ['is half written', zlib.gzipSync(NOW).subarray(0, -9), null],
    ['is no gzip', 'form', null],
  ])('and %s is sent, or not sent, for that', async (_what, form, coding) => {
    expect(await codingOf(asking(pair(form, 100, 800)))).toBe(coding)
  })

  const codings: [coding: string, suffix: string, encode: (text: string) => Uint8Array][] = [
    ['br', '.br', zlib.brotliCompressSync],
  ]
  if ('zstdCompressSync' in zlib) codings.push(['zstd', '.zst', (text) => zlib.zstdCompressSync(text)])
  it.each(codings)('is read in %s, too', async (coding, suffix, encode) => {
    const dir = folder({
      'app.js': NOW,
      [`app.js${suffix}`]: encode(NOW),
      'other.js': NOW,
      [`other.js${suffix}`]: encode(THEN),
    })
    for (const name of ['app.js', 'other.js']) dated(join(dir, name), changed + 500)
    const ask = asking(dir)
    expect([await codingOf(ask), await codingOf(ask, '/other.js')]).toEqual([coding, null])
  })

  it('is named, where it is not sent, with the command that mends it', () => {
    const dir = pair(zlib.gzipSync(THEN), 100, 800)
    const messages: string[] = []
    asking({ dir, report: (message) => messages.push(message) })
    expect(messages.join()).toContain(`\n  ${dir}/app.js.gz\n  To make them anew: npx outerware-static compress ${dir}`)
  })

  it('is believed where the compressor has noted both', async () => {
    const dir = pair('form', 100, 800)
    const note = { size: NOW.length, mtimeMs: Math.floor(statSync(join(dir, 'app.js')).mtimeMs), forms: { gzip: 4 } }
    const sha256 = createHash('sha256').update(NOW).digest('base64url')
    const manifest = { version: 1, files: { 'app.js': { ...note, sha256 } } }
    writeFileSync(join(dir, '.static-manifest.json'), JSON.stringify(manifest))
    expect(await codingOf(asking(dir))).toBe('gzip')
  })
})

it('a sibling whose date is that of its file, copied in milliseconds, is believed', async () => {
  expect(await codingOf(asking(pair('form', 123, 123.9)))).toBe('gzip')
})

describe('while the site runs, a sibling', () => {
  const replace = (path: string, bytes: Uint8Array | string, date: number): void => {
    writeFileSync(`${path}.new`, bytes)
    dated(`${path}.new`, date)
    renameSync(`${path}.new`, path)
  }
  const running = async (): Promise<{ dir: string; ask: ReturnType<typeof asking> }> => {
    const dir = pair(zlib.gzipSync(NOW), 0, 0)
    await settle()
    const ask = asking({ dir, recheckMs: 0, cache: false })
    expect(await codingOf(ask)).toBe('gzip')
    return { dir, ask }
  }

  it.each([
    ['an older date', changed - 60_000],
    ['the same date', changed],
  ])('of a file that was replaced by one of %s is not sent', async (_what, date) => {
    const { dir, ask } = await running()
    replace(join(dir, 'app.js'), THEN, date)
    const response = await ask('/app.js', { 'accept-encoding': 'gzip' })
    expect([response.headers.get('content-encoding'), await response.text()]).toEqual([null, THEN])
  })

  it('that comes before its file waits for it', async () => {
    const { dir, ask } = await running()
    replace(join(dir, 'app.js.gz'), zlib.gzipSync(THEN), changed + 60_000)
    expect(await codingOf(ask)).toBe(null)
    replace(join(dir, 'app.js'), THEN, changed + 60_000)
    expect(await codingOf(ask)).toBe('gzip')
  })

  it('of a file that only got another mode is sent', async () => {
    const { dir, ask } = await running()
    chmodSync(join(dir, 'app.js'), 0o600)
    expect(await codingOf(ask)).toBe('gzip')
  })
})
