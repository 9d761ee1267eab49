import { describe, expect, it } from '@jest/globals'
import { truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asking, folder, said, settle } from './support.ts'

const tagOf = async (response: Promise<Response>): Promise<string | null> => (await response).headers.get('etag')

it('the tag is of the content: the same bytes have the same one, whenever and wherever they were written', async () => {
  const one = folder({ 'a.txt': { text: 'same', date: '2020-01-01' }, 'b.txt': { text: 'other', date: '2020-01-01' } })
  const two = folder({ 'renamed.css': { text: 'same', date: '2024-01-01' } })
  const tag = await tagOf(asking(one)('/a.txt'))
  // printf same | openssl dgst -sha256 -binary | base64 | tr +/ -_ | cut -c1-16
  expect(tag).toBe('"CWcRXygTo1Qervd9"')
  expect(await tagOf(asking(two)('/renamed.css'))).toBe(tag)
  expect(await tagOf(asking(one)('/b.txt'))).not.toBe(tag)
})

it('the tag is of the content also where the time of change says nothing', async () => {
  const date = '1980-01-01T00:00:00Z'
  const one = await tagOf(asking(folder({ 'a.txt': { text: 'AAAA', date } }))('/a.txt'))
  const two = await tagOf(asking(folder({ 'a.txt': { text: 'BBBB', date } }))('/a.txt'))
  expect(one).not.toBe(two)
})

it('a file that is streamed has the tag of its content, too', async () => {
  const dir = folder({ 'a.txt': 'x'.repeat(200_000) })
  const tag = await tagOf(asking(dir)('/a.txt'))
  expect(tag).toMatch(/^"[\w-]{16}"$/)
  expect(await tagOf(asking({ dir, cache: { maxFile: 1_000_000 } })('/a.txt'))).toBe(tag)
})

it('the tag of more than 16 MiB is made of size and time, in nanoseconds', async () => {
  const dir = folder({ 'film.mp4': '', 'short.mp4': '' })
  truncateSync(join(dir, 'film.mp4'), 16 * 1024 * 1024 + 1)
  truncateSync(join(dir, 'short.mp4'), 16 * 1024 * 1024)
  utimesSync(join(dir, 'film.mp4'), 1_700_000_000, 1_700_000_000)
  const expected = `"${(16 * 1024 * 1024 + 1).toString(36)}-${(1_700_000_000n * 1_000_000_000n).toString(36)}"`
  expect(await tagOf(asking(dir)('/film.mp4', {}, 'HEAD'))).toBe(expected)
  expect(await tagOf(asking(dir)('/short.mp4', {}, 'HEAD'))).toMatch(/^"[\w-]{16}"$/)
})

it('etag: stat makes it of size and time, etag: false of nothing', async () => {
  const dir = folder({ 'a.txt': { text: 'hello', date: '2023-11-14T22:13:20Z' }, 'a.txt.gz': 'gz' })
  const expected = `5-${(1_700_000_000n * 1_000_000_000n).toString(36)}`
  const stat = asking({ dir, etag: 'stat' })
  expect(await tagOf(stat('/a.txt'))).toBe(`"${expected}"`)
  expect(await tagOf(stat('/a.txt', { 'accept-encoding': 'gzip' }))).toBe(`"${expected}-gz"`)
  expect(await tagOf(asking({ dir, etag: false })('/a.txt'))).toBeNull()
})

describe('Last-Modified', () => {
  const dateOf = async (date: string, lastModified = true): Promise<string | null> => {
    const dir = folder({ 'a.txt': { text: '', date } })
    return (await asking({ dir, lastModified })('/a.txt')).headers.get('last-modified')
  }

  it.each([
    ['1970-01-01T00:00:00Z', null],
    ['1980-01-01T00:00:00Z', null],
    ['1985-10-26T08:15:00Z', null],
    ['1985-10-26T08:15:01Z', 'Sat, 26 Oct 1985 08:15:01 GMT'],
    ['2024-05-06T07:08:09.999Z', 'Mon, 06 May 2024 07:08:09 GMT'],
    ['2999-01-01T00:00:00Z', null],
  ])('of a file from %s is %s', async (date, field) => {
    expect(await dateOf(date)).toBe(field)
  })

  it('is left out where that is wanted', async () => {
    expect(await dateOf('2024-05-06T07:08:09Z', false)).toBeNull()
  })
})

describe('the compressor’s manifest', () => {
  const DATE = '2024-05-06T07:08:09Z'
  const known = {
    size: 5,
    mtimeMs: Date.parse(DATE),
    sha256: 'abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE',
    immutable: true,
  }
  const dirWith = (files: object): string =>
    folder({
      'deep/a.js': { text: 'hello', date: DATE },
      '.static-manifest.json': JSON.stringify({ version: 1, files }),
    })

  it('gives the hash of a file that it knows, and says what is immutable', async () => {
    const response = await asking(dirWith({ 'deep/a.js': known }))('/deep/a.js')
    expect(response.headers.get('etag')).toBe('"abcdefghijklmnop"')
    expect(response.headers.get('cache-control')).toContain('immutable')
  })

  it.each([
    ['another size', { ...known, size: 6 }],
    ['another time', { ...known, mtimeMs: known.mtimeMs + 1000 }],
    ['no hash', { ...known, sha256: 'short' }],
    ['deltas that are none', { ...known, dictionaries: null }],
    ['forms that are none', { ...known, forms: 5 }],
  ])('is not believed where it has %s', async (_name, wrong) => {
    const response = await asking({ dir: dirWith({ 'deep/a.js': wrong }), dictionaries: true })('/deep/a.js')
    // printf hello | openssl dgst -sha256 -binary | base64 | tr +/ -_ | cut -c1-16
    expect(response.headers.get('etag')).toBe('"LPJNul-wow4m6Dsq"')
  })

  it('is not believed of a file that has changed since', async () => {
    const dir = dirWith({ 'deep/a.js': known })
    const ask = asking({ dir, recheckMs: 0 })
    expect(await tagOf(ask('/deep/a.js'))).toBe('"abcdefghijklmnop"')
    await settle()
    writeFileSync(join(dir, 'deep/a.js'), 'HELLO')
    const response = await ask('/deep/a.js')
    expect(response.headers.get('etag')).not.toBe('"abcdefghijklmnop"')
    expect(await said(response)).toBe('200 HELLO')
  })

  it('is left alone if it is broken, and that is reported', async () => {
    const messages: string[] = []
    const dir = folder({ 'a.txt': 'x', '.static-manifest.json': '{' })
    expect((await asking({ dir, report: (message) => messages.push(message) })('/a.txt')).status).toBe(200)
    expect(messages).toEqual([
      `staticFiles: Left out, and not served:\n  ${dir}/.static-manifest.json: no manifest that can be read`,
    ])
  })
})
