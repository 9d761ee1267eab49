import { beforeAll, describe, expect, it } from '@jest/globals'
import { asking, folder, said, type Ask } from './support.ts'

const BEFORE = 'Mon, 06 May 2024 07:08:08 GMT'
const SAME = 'Mon, 06 May 2024 07:08:09 GMT'
const AFTER = 'Mon, 06 May 2024 07:08:10 GMT'

const dir = folder({ 'a.txt': 'hello', 'dateless.txt': { text: 'hello', date: '1970-01-01T00:00:00Z' } })
const ask = asking(dir)
let TAG = ''
beforeAll(async () => {
  TAG = (await ask('/a.txt')).headers.get('etag') ?? ''
})

/** `TAG` stands for the current tag. */
const filled = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.replaceAll('"TAG"', TAG)]))

// In the order of RFC 9110, section 13.2.2.
const table: readonly [fields: Record<string, string>, status: number, why: string][] = [
  [{ 'if-match': '"TAG"' }, 200, 'the tag matches'],
  [{ 'if-match': '"x", "TAG"' }, 200, 'one of the tags matches'],
  [{ 'if-match': '*' }, 200, 'there is a representation'],
  [{ 'if-match': '"x"' }, 412, 'no tag matches'],
  [{ 'if-match': 'W/"TAG"' }, 412, 'a weak tag never matches strongly'],
  [{ 'if-match': '"TAG-gz"' }, 412, 'another tag that begins alike'],
  [{ 'if-match': '' }, 412, 'an empty list matches nothing'],
  [{ 'if-match': '"TAG"', 'if-unmodified-since': BEFORE }, 200, 'If-Unmodified-Since is not read beside If-Match'],
  [{ 'if-unmodified-since': SAME }, 200, 'not changed since'],
  [{ 'if-unmodified-since': AFTER }, 200, 'not changed since'],
  [{ 'if-unmodified-since': BEFORE }, 412, 'changed since'],
  [{ 'if-unmodified-since': 'yesterday' }, 200, 'no date'],
  [{ 'if-match': '"TAG"', 'if-none-match': '"TAG"' }, 304, 'If-None-Match comes after If-Match'],
  [{ 'if-match': '"x"', 'if-none-match': '"TAG"' }, 412, 'If-Match comes first'],
  [{ 'if-unmodified-since': BEFORE, 'if-none-match': '"TAG"' }, 412, 'If-Unmodified-Since comes first'],
  [{ 'if-none-match': '"TAG"' }, 304, 'the tag matches'],
  [{ 'if-none-match': 'W/"TAG"' }, 304, 'a weak tag matches weakly'],
  [{ 'if-none-match': '"x", "y","TAG"' }, 304, 'one of the tags matches'],
  [{ 'if-none-match': '"a,b", W/"TAG"' }, 304, 'a comma in a tag does not end it'],
  [{ 'if-none-match': '*' }, 304, 'there is a representation'],
  [{ 'if-none-match': '"x"' }, 200, 'no tag matches'],
  [{ 'if-none-match': 'TAG' }, 200, 'no tag without quotes'],
  [{ 'if-none-match': '"x"', 'if-modified-since': AFTER }, 200, 'If-Modified-Since is not read beside If-None-Match'],
  [
    { 'if-none-match': '"TAG"', 'if-modified-since': BEFORE },
    304,
    'If-Modified-Since is not read beside If-None-Match',
  ],
  [{ 'if-modified-since': SAME }, 304, 'not changed since'],
  [{ 'if-modified-since': AFTER }, 304, 'not changed since'],
  [{ 'if-modified-since': BEFORE }, 200, 'changed since'],
  [{ 'if-modified-since': 'Monday, 06-May-24 07:08:09 GMT' }, 304, 'the form of RFC 850'],
  [{ 'if-modified-since': 'Mon May  6 07:08:09 2024' }, 304, 'the form of asctime'],
  [{ 'if-modified-since': 'soon' }, 200, 'no date'],
  [{ 'if-modified-since': '2024-05-06T07:08:09Z' }, 200, 'no date of HTTP'],
]

describe.each(['GET', 'HEAD'])('%s', (method) => {
  it.each(table)('%o gets %i: %s', async (fields, status) => {
    const response = await ask('/a.txt', filled(fields), method)
    expect(response.status).toBe(status)
  })
})

it('a 304 has the fields that update what the client keeps, and says nothing of bytes', async () => {
  const response = await ask('/a.txt', { 'if-none-match': TAG })
  expect(response.body).toBeNull()
  expect(Object.fromEntries(response.headers)).toEqual({
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=60',
    etag: TAG,
  })
})

it('a 304 without a tag has the date', async () => {
  const dated = asking({ dir, etag: false })
  const response = await dated('/a.txt', { 'if-modified-since': SAME })
  expect(response.status).toBe(304)
  expect(response.headers.get('last-modified')).toBe(SAME)
})

it('a 412 is small, and no cache keeps it', async () => {
  const response = await ask('/a.txt', { 'if-match': '"x"' })
  expect(await said(response)).toBe('412 ')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-length')).toBe('0')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

it.each([
  [{ 'if-modified-since': AFTER }, 200],
  [{ 'if-unmodified-since': BEFORE }, 200],
])('without a date of ours, %o is not read', async (fields, status) => {
  const response = await ask('/dateless.txt', fields)
  expect(response.status).toBe(status)
  expect(response.headers.has('last-modified')).toBe(false)
})

it.each([
  [{ 'if-match': '*' }, 200],
  [{ 'if-match': '"x"' }, 412],
  [{ 'if-none-match': '*' }, 304],
  [{ 'if-none-match': '"x"' }, 200],
])('without a tag of ours, %o gets %i', async (fields, status) => {
  const untagged: Ask = asking({ dir, etag: false })
  expect((await untagged('/a.txt', fields)).status).toBe(status)
})
