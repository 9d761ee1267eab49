import { describe, expect, it } from '@jest/globals'
import { contentRange, parseRange, unsatisfiedRange, type ByteRange } from '@outerware/core/headers'

/** `0-499` for a range of a representation, to be read beside the field. */
const shown = (ranges: ByteRange[] | undefined): string[] | undefined =>
  ranges?.map(({ start, end }) => `${start}-${end}`)

describe('parseRange(field, size)', () => {
  it.each<[string, string, string[] | undefined]>([
    // The examples of RFC 9110, section 14.1.2: a representation of 10,000 bytes.
    ['the first 500 bytes', 'bytes=0-499', ['0-499']],
    ['the second 500 bytes', 'bytes=500-999', ['500-999']],
    ['the final 500 bytes', 'bytes=-500', ['9500-9999']],
    ['the final 500 bytes, otherwise said', 'bytes=9500-', ['9500-9999']],
    ['the first, middle and final 1,000 bytes', 'bytes= 0-999, 4500-5499, -1000', ['0-999', '4500-5499', '9000-9999']],
    ['the first and the last byte', 'bytes=0-0,-1', ['0-0', '9999-9999']],
    ['the second 500 bytes, in two', 'bytes=500-600,601-999', ['500-600', '601-999']],
    ['the second 500 bytes, in two that overlap', 'bytes=500-700,601-999', ['500-700', '601-999']],

    ['one byte', 'bytes=0-0', ['0-0']],
    ['the last byte', 'bytes=-1', ['9999-9999']],
    ['all', 'bytes=0-', ['0-9999']],
    ['all, and more', 'bytes=0-99999', ['0-9999']],
    ['to the very end', 'bytes=9999-9999', ['9999-9999']],
    ['a suffix longer than all is all', 'bytes=-99999', ['0-9999']],
    ['zeros before a number', 'bytes=0000-00009', ['0-9']],
    ['empty members', 'bytes=,0-0,,', ['0-0']],
    ['blanks around members', 'bytes=\t0-0 ,  1-1 ', ['0-0', '1-1']],
    ['the unit in any case (14.1)', 'BYTES=0-0', ['0-0']],
    ['white space before the unit', ' bytes=0-0', ['0-0']],
    ['in the order in which they were asked for', 'bytes=500-600, 0-0', ['500-600', '0-0']],
    ['what cannot be satisfied is left out', 'bytes=0-0, 10000-, -0', ['0-0']],
    ['beyond all numbers', `bytes=0-${'9'.repeat(400)}`, ['0-9999']],
    ['a suffix beyond all numbers', `bytes=-${'9'.repeat(400)}`, ['0-9999']],

    ['unsatisfiable: from the end on', 'bytes=10000-', []],
    ['unsatisfiable: beyond', 'bytes=10000-10001', []],
    ['unsatisfiable: no bytes at the end', 'bytes=-0', []],
    ['unsatisfiable: no bytes at the end, with zeros', 'bytes=-000', []],
    ['unsatisfiable: all of several', 'bytes=10000-, -0, 20000-30000', []],
    ['unsatisfiable: from beyond all numbers', `bytes=${'9'.repeat(400)}-`, []],
    ['unsatisfiable: numbers that no double can tell apart', 'bytes=9007199254740992-9007199254740993', []],

    ['ignored: the end before the start', 'bytes=9-5', undefined],
    ['ignored: one of several is so', 'bytes=0-0, 9-5', undefined],
    ['ignored: the end before the start, in lengths', 'bytes=10-9', undefined],
    ['ignored: the end before the start, beyond doubles', 'bytes=9007199254740993-9007199254740992', undefined],
    ['ignored: the end before the start, with zeros', 'bytes=9-0005', undefined],
    ['ignored: no numbers', 'bytes=-', undefined],
    ['ignored: one of several has none', 'bytes=0-0,-', undefined],
    ['ignored: no ranges', 'bytes=', undefined],
    ['ignored: commas only', 'bytes=, ,', undefined],
    ['ignored: no dash', 'bytes=5', undefined],
    ['ignored: two dashes', 'bytes=0--5', undefined],
    ['ignored: three numbers', 'bytes=0-1-2', undefined],
    ['ignored: below zero', 'bytes=-1-5', undefined],
    ['ignored: a plus', 'bytes=+0-5', undefined],
    ['ignored: hex', 'bytes=0x0-0xff', undefined],
    ['ignored: an exponent', 'bytes=0-1e3', undefined],
    ['ignored: fractions', 'bytes=0.5-1', undefined],
    ['ignored: letters', 'bytes=a-b', undefined],
    ['ignored: blanks in a range', 'bytes=0 - 5', undefined],
    ['ignored: blanks before the sign', 'bytes =0-5', undefined],
    ['ignored: another unit', 'items=0-5', undefined],
    ['ignored: a unit that begins alike', 'bytesize=0-5', undefined],
    ['ignored: no unit', '0-5', undefined],
    ['ignored: no sign', 'bytes 0-5', undefined],
    ['ignored: nothing', '', undefined],
  ])('%s: %s', (_, field, ranges) => {
    expect(shown(parseRange(field, 10_000))).toEqual(ranges)
  })

  it.each<[string, string, string[] | undefined]>([
    ['from its start', 'bytes=0-', []],
    ['its first byte', 'bytes=0-0', []],
    ['no bytes of its end', 'bytes=-0', []],
    // Can be satisfied (14.1.2), but no Content-Range says so.
    ['its end', 'bytes=-5', undefined],
    ['its end, after what cannot be satisfied', 'bytes=0-0, -5', undefined],
  ])('of nothing: %s', (_, field, ranges) => {
    expect(shown(parseRange(field, 0))).toEqual(ranges)
  })

  it('of one byte', () => {
    expect(shown(parseRange('bytes=0-5, -5, 1-', 1))).toEqual(['0-0', '0-0'])
  })

  it.each<[string, string, number | undefined]>([
    ['ranges', `bytes=${'0-,'.repeat(33_000)}`, 33_000],
    ['commas', `bytes=${','.repeat(100_000)}`, undefined],
    ['digits', `bytes=${'9'.repeat(100_000)}-`, 0],
    ['zeros', `bytes=0-${'0'.repeat(100_000)}`, 1],
    ['blanks', `bytes=0-0${' '.repeat(100_000)}x`, undefined],
    ['blanks before', `${' '.repeat(100_000)}x`, undefined],
    ['dashes', `bytes=${'-'.repeat(100_000)}`, undefined],
  ])('100 KB of %s take linear time', (_, field, count) => {
    expect(parseRange(field, 100)?.length).toBe(count)
  })
})

it('contentRange(range, size) tells a part (14.4)', () => {
  expect(contentRange({ start: 42, end: 1233 }, 1234)).toBe('bytes 42-1233/1234')
})

it('unsatisfiedRange(size) tells the size of a 416 (15.5.17)', () => {
  expect(unsatisfiedRange(47_022)).toBe('bytes */47022')
})
