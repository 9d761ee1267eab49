import { beforeAll, describe, expect, it } from '@jest/globals'
import { asking, CHANGED, folder, said, type Ask } from './support.ts'

// As long as RFC 9110's own examples want it: 10000 bytes.
const text = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(9, '.')).join('\n') + '\n'
const dir = folder({ 'a.txt': text, 'a.txt.gz': 'zipped', 'empty.txt': '', 'b.bin': 'abcdefghij' })
const fromMemory = asking(dir)
const fromDisk = asking({ dir, cache: false })
let tag = ''
beforeAll(async () => {
  tag = (await fromMemory('/a.txt')).headers.get('etag') ?? ''
})

const hosts: readonly [string, Ask][] = [
  ['from memory', fromMemory],
  ['from the disk', fromDisk],
]

describe.each(hosts)('%s', (_name, ask) => {
  it.each([
    // RFC 9110, section 14.1.2.
    ['bytes=0-499', 0, 499],
    ['bytes=500-999', 500, 999],
    ['bytes=-500', 9500, 9999],
    ['bytes=9500-', 9500, 9999],
    // Four good servers fail one of these.
    ['bytes=0-0', 0, 0],
    ['bytes=-1', 9999, 9999],
    ['bytes=9999-', 9999, 9999],
    ['bytes=0-', 0, 9999],
    ['bytes=-20000', 0, 9999],
    ['bytes=9990-99999999999999999999', 9990, 9999],
    ['bytes= 1-2 ', 1, 2],
    ['BYTES=1-2', 1, 2],
    ['bytes=1-2,', 1, 2],
    // What overlaps or touches is one range.
    ['bytes=0-9,5-19', 0, 19],
    ['bytes=10-19,0-9', 0, 19],
    ['bytes=0-9,0-9,0-9', 0, 9],
    // A range that cannot be satisfied is left out, if another can.
    ['bytes=5-6,20000-', 5, 6],
  ])('%s is a 206 of bytes %i to %i', async (range, start, end) => {
    const response = await ask('/a.txt', { range })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/10000`)
    expect(response.headers.get('content-length')).toBe(String(end - start + 1))
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('etag')).toBe(tag)
    expect(response.headers.get('last-modified')).toBe(CHANGED)
    expect(response.headers.get('vary')).toBe('accept-encoding')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.text()).toBe(text.slice(start, end + 1))
  })

  it.each([
    ['bytes=9-5'],
    ['bytes=5'],
    ['bytes=a-b'],
    ['bytes=--5'],
    ['bytes=0-5-9'],
    ['bytes='],
    ['bytes=-'],
    ['bytes=0-1,x'],
    ['bytes 0-5'],
    ['items=0-5'],
    ['0-5'],
    ['bytes=99999999999999999999-99999999999999999998'],
  ])('%s is no range of bytes: 200 with the whole', async (range) => {
    const response = await ask('/a.txt', { range })
    expect(response.status).toBe(200)
    expect(response.headers.has('content-range')).toBe(false)
    expect(await response.text()).toBe(text)
  })

  it.each(['bytes=10000-', 'bytes=10000-10001', 'bytes=-0', 'bytes=20000-,30000-'])(
    '%s cannot be satisfied: 416 with the size and the validators',
    async (range) => {
      const response = await ask('/a.txt', { range })
      expect(await said(response)).toBe('416 ')
      expect(Object.fromEntries(response.headers)).toEqual({
        'accept-ranges': 'bytes',
        'access-control-allow-origin': '*',
        'cache-control': 'no-store',
        'content-length': '0',
        'content-range': 'bytes */10000',
        etag: tag,
        'last-modified': CHANGED,
        vary: 'accept-encoding',
      })
    },
  )

  it.each([
    // RFC 9110, section 14.1.2: the first and the last byte.
    [
      'bytes=0-0,-1',
      [
        [0, 0],
        [9999, 9999],
      ],
    ],
    [
      'bytes=500-600,601-999,2000-2000',
      [
        [500, 999],
        [2000, 2000],
      ],
    ],
    [
      'bytes=9000-9001,0-1',
      [
        [9000, 9001],
        [0, 1],
      ],
    ],
    [
      'bytes=5-6,20000-,8-9',
      [
        [5, 6],
        [8, 9],
      ],
    ],
    [
      'bytes=0-1,10-11,1-2',
      [
        [0, 2],
        [10, 11],
      ],
    ],
  ] as const)('%s is a multipart of its ranges, in the order they were asked for', async (range, wanted) => {
    const response = await ask('/a.txt', { range })
    expect(response.status).toBe(206)
    expect(response.headers.has('content-range')).toBe(false)
    const body = await response.text()
    expect(response.headers.get('content-length')).toBe(String(body.length))
    expect(partsOf(response, body)).toEqual(
      wanted.map(([start, end]) => ({
        type: 'text/plain; charset=utf-8',
        range: `bytes ${start}-${end}/10000`,
        bytes: text.slice(start, end + 1),
      })),
    )
  })

  it('sixteen ranges are a multipart, seventeen the whole', async () => {
    const ranges = (count: number): string =>
      `bytes=${Array.from({ length: count }, (_, i) => `${i * 10}-${i * 10}`).join(',')}`
    const sixteen = await ask('/a.txt', { range: ranges(16) })
    expect(sixteen.status).toBe(206)
    expect(partsOf(sixteen, await sixteen.text())).toHaveLength(16)
    expect((await ask('/a.txt', { range: ranges(17) })).status).toBe(200)
  })

  it('thousands of ranges are the whole, and a multipart is never more than the file and its boundaries', async () => {
    const many = `bytes=${Array.from({ length: 3000 }, (_, i) => `${i}-${i}`).join(',')}`
    expect((await ask('/a.txt', { range: many })).status).toBe(200)
    const overlapping = await ask('/a.txt', { range: 'bytes=0-9000,1-9001,2-9002,9999-' })
    expect(partsOf(overlapping, await overlapping.text()).map((part) => part.range)).toEqual([
      'bytes 0-9002/10000',
      'bytes 9999-9999/10000',
    ])
  })

  it.each(['bytes=0-', 'bytes=-5', 'bytes=5-'])('%s of an empty file is the whole of it', async (range) => {
    expect(await said(await ask('/empty.txt', { range }))).toBe('200 ')
  })

  it('a range is of the plain form, whatever codings the client takes', async () => {
    const response = await ask('/a.txt', { range: 'bytes=0-8', 'accept-encoding': 'gzip' })
    expect(response.status).toBe(206)
    expect(response.headers.has('content-encoding')).toBe(false)
    expect(await response.text()).toBe(text.slice(0, 9))
  })

  it('who refuses the plain form, and takes another, gets that whole (12.5.3, 14.2)', async () => {
    const response = await ask('/a.txt', { range: 'bytes=0-8', 'accept-encoding': 'gzip, identity;q=0' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await said(response)).toBe('200 zipped')
  })

  it('who refuses all forms gets a range of the plain one', async () => {
    const response = await ask('/a.txt', { range: 'bytes=0-8', 'accept-encoding': '*;q=0' })
    expect(await said(response)).toBe(`206 ${text.slice(0, 9)}`)
  })

  it('what is no range leaves the choice of the form as it was', async () => {
    const response = await ask('/a.txt', { range: 'bytes=5-1', 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await said(response)).toBe('200 zipped')
  })

  it('HEAD has no ranges', async () => {
    const response = await ask('/a.txt', { range: 'bytes=0-5' }, 'HEAD')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe('10000')
  })

  it.each<[value: () => string, status: number, why: string]>([
    [() => tag, 206, 'the strong tag of the plain form'],
    [() => `W/${tag}`, 200, 'a weak tag'],
    [() => tag.replace(/"$/, '-gz"'), 200, 'the tag of a coded form'],
    [() => '"x"', 200, 'another tag'],
    [() => `${tag}, "x"`, 200, 'a list'],
    [() => '*', 200, 'a star'],
    [() => CHANGED, 206, 'the exact date'],
    [() => 'Monday, 06-May-24 07:08:09 GMT', 206, 'the exact date in another form'],
    [() => 'Mon, 06 May 2024 07:08:10 GMT', 200, 'a later date'],
    [() => 'Mon, 06 May 2024 07:08:08 GMT', 200, 'an earlier date'],
    [() => 'soon', 200, 'no date'],
  ])('If-Range with case %# gets %i: %s', async (value, status) => {
    expect((await ask('/a.txt', { range: 'bytes=0-5', 'if-range': value() })).status).toBe(status)
  })

  it('If-Range with the tag of a coded form gives that form whole', async () => {
    const coded = tag.replace(/"$/, '-gz"')
    const response = await ask('/a.txt', { range: 'bytes=0-5', 'if-range': coded, 'accept-encoding': 'gzip' })
    expect(await said(response)).toBe('200 zipped')
    expect(response.headers.get('etag')).toBe(coded)
  })

  it.each([
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-modified-since': CHANGED }, 304],
  ])('%o is asked before the range: %i', async (fields, status) => {
    expect((await ask('/a.txt', { range: 'bytes=0-5', ...fields })).status).toBe(status)
  })
})

it('If-Range without Range changes nothing', async () => {
  expect((await fromMemory('/b.bin', { 'if-range': '"x"' })).status).toBe(200)
})

it('the date counts for If-Range where there is no tag, and the tag does not', async () => {
  const untagged = asking({ dir, etag: false })
  expect((await untagged('/b.bin', { range: 'bytes=0-0', 'if-range': CHANGED })).status).toBe(206)
  expect((await untagged('/b.bin', { range: 'bytes=0-0', 'if-range': '"x"' })).status).toBe(200)
})

it('without acceptRanges, Range is not read and not offered', async () => {
  const whole = asking({ dir, acceptRanges: false })
  const response = await whole('/b.bin', { range: 'bytes=0-0' })
  expect(await said(response)).toBe('200 abcdefghij')
  expect(response.headers.has('accept-ranges')).toBe(false)
})

it('maxRanges bounds the parts', async () => {
  const two = asking({ dir, maxRanges: 2 })
  expect((await two('/b.bin', { range: 'bytes=0-0,2-2' })).status).toBe(206)
  expect((await two('/b.bin', { range: 'bytes=0-0,2-2,4-4' })).status).toBe(200)
  // Merged before they are counted.
  expect((await two('/b.bin', { range: 'bytes=0-0,1-1,2-2,4-4' })).status).toBe(206)
})

it('the parts have no type where the whole has none', async () => {
  const ask = asking({ dir, setHeaders: (headers) => headers.delete('content-type') })
  const response = await ask('/a.txt', { range: 'bytes=0-1,5-6' })
  expect(response.headers.get('content-type')).toMatch(/^multipart\/byteranges; boundary=/)
  expect(await response.text()).toMatch(/^--\S+\r\ncontent-range: bytes 0-1/)
})

/** Reads a multipart as RFC 9110, section 14.6, and RFC 2046 have it. */
function partsOf(response: Response, body: string): { type: string; range: string; bytes: string }[] {
  const boundary = /^multipart\/byteranges; boundary=([\w-]{1,70})$/.exec(
    response.headers.get('content-type') ?? '',
  )?.[1]
  const [before, ...parts] = `\r\n${body}`.split(`\r\n--${boundary}`)
  expect(before).toBe('')
  expect(parts.pop()).toBe('--\r\n')
  return parts.map((part) => {
    const [, type = '', range = '', bytes = ''] =
      /^\r\ncontent-type: (.*)\r\ncontent-range: (.*)\r\n\r\n([^]*)$/.exec(part) ?? []
    return { type, range, bytes }
  })
}
