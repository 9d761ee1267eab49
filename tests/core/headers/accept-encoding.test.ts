import { describe, expect, it } from '@jest/globals'
import { parseAcceptEncoding, preferredEncoding } from '@outerware/core/headers'

/** What the client makes of the codings that it is asked about. */
const qualities = (field: string | null | undefined): number[] => {
  const accepted = parseAcceptEncoding(field)
  return ['gzip', 'br', 'identity'].map((coding) => accepted.quality(coding))
}
/** Acceptable, but less wanted than anything that is named. */
const least = 0.0001

describe('parseAcceptEncoding(field)', () => {
  it.each<[string, string | null | undefined, number[]]>([
    // The examples of RFC 9110, section 12.5.3.
    ['the RFC: several', 'compress, gzip', [1, 0, least]],
    ['the RFC: an empty field, which wants no coding', '', [0, 0, least]],
    ['the RFC: everything', '*', [1, 1, least]],
    ['the RFC: weights', 'compress;q=0.5, gzip;q=1.0', [1, 0, least]],
    ['the RFC: identity, and nothing else', 'gzip;q=1.0, identity; q=0.5, *;q=0', [1, 0, 0.5]],

    ['no field', null, [0, 0, least]],
    ['no field, otherwise said', undefined, [0, 0, least]],
    ['q=0 is a no', 'gzip;q=0, br', [0, 1, least]],
    ['q=0 in all its forms', 'gzip;q=0.000, br;q=0.', [0, 0, least]],
    ['q=1 in all its forms', 'gzip;q=1.000, br;q=1.', [1, 1, least]],
    ['three digits', 'gzip;q=0.001, br;q=0.999', [0.001, 0.999, least]],
    ['identity refused', 'identity;q=0', [0, 0, 0]],
    ['identity refused by the star', '*;q=0', [0, 0, 0]],
    ['identity refused by the star, gzip not', 'gzip, *;q=0', [1, 0, 0]],
    ['identity named beside a star that refuses', 'identity, *;q=0', [0, 0, 1]],
    ['the star with a weight, which is for what is not named', 'gzip;q=0.1, *;q=0.5', [0.1, 0.5, least]],
    ['the star does not take back a no', 'gzip;q=0, *', [0, 1, least]],
    ['names in any case', 'GZip, BR;Q=0.5, IDENTITY;q=0', [1, 0.5, 0]],
    ['white space where it may be', ' \tgzip \t; \tq=0.5\t , br', [0.5, 1, least]],
    ['empty members', ',,gzip,,br,', [1, 1, least]],
    ['x-gzip is gzip (8.4.1.3)', 'x-gzip;q=0.5', [0.5, 0, least]],
    ['of a name that comes twice the last counts', 'gzip;q=0.5, gzip;q=0.7', [0.7, 0, least]],
    ['a coding that nobody knows', 'zip, snappy;q=0.3', [0, 0, least]],

    ['malformed: four digits', 'gzip;q=1.0000, br;q=0.1234', [0, 0, least]],
    ['malformed: beyond one', 'gzip;q=1.1, br;q=2', [0, 0, least]],
    ['malformed: below zero', 'gzip;q=-1', [0, 0, least]],
    ['malformed: no number', 'gzip;q=, br;q=x', [0, 0, least]],
    ['malformed: no zero', 'gzip;q=.5', [0, 0, least]],
    ['malformed: white space in the weight', 'gzip;q =0.5, br;q= 0.5', [0, 0, least]],
    ['malformed: a weight alone', ';q=1', [0, 0, least]],
    ['malformed: two names', 'gzip br', [0, 0, least]],
    ['malformed: another parameter', 'gzip;level=9, br', [0, 1, least]],
    ['malformed: quoted', '"gzip"', [0, 0, least]],
    ['a malformed no is no yes either, under a star', 'gzip;q=no, *', [1, 1, least]],
  ])('%s: %p', (_, field, expected) => {
    expect(qualities(field)).toEqual(expected)
  })

  it('x-compress is compress (8.4.1.1)', () => {
    expect(parseAcceptEncoding('x-compress;q=0.5').quality('compress')).toBe(0.5)
  })
})

describe('preferredEncoding(field, offered)', () => {
  const ours = ['br', 'zstd', 'gzip']

  it.each<[string, string | null | undefined, string | undefined]>([
    ['what a browser sends', 'gzip, deflate, br, zstd', 'br'],
    ["among equals the server's order decides", 'gzip, zstd', 'zstd'],
    ['the weight decides before it', 'br;q=0.5, gzip;q=0.8', 'gzip'],
    ['a small weight is more than identity not named', 'gzip;q=0.001', 'gzip'],
    ['identity named may be wanted more', 'gzip;q=0.5, identity', 'identity'],
    ['identity named may be wanted less', 'gzip, identity;q=0.5', 'gzip'],
    ['identity named as an equal comes last', 'gzip, identity', 'gzip'],
    ['nothing we have', 'deflate', 'identity'],
    ['no field', null, 'identity'],
    ['an empty field', '', 'identity'],
    ['everything', '*', 'br'],
    ['everything but one', 'br;q=0, *', 'zstd'],
    ['nothing at all, 406 or 415', '*;q=0', undefined],
    ['nothing at all, said twice', 'identity;q=0, *;q=0', undefined],
    ['not identity, and nothing we have', 'deflate, identity;q=0', undefined],
    ['not identity, but something we have', 'gzip, identity;q=0', 'gzip'],
  ])('%s: %p', (_, field, expected) => {
    expect(preferredEncoding(field, ours)).toBe(expected)
  })

  it('identity may stand in the order as any other', () => {
    expect(preferredEncoding('gzip, identity', ['identity', 'gzip'])).toBe('identity')
  })

  it('with nothing on offer there is identity', () => {
    expect([preferredEncoding('gzip', []), preferredEncoding('*;q=0', [])]).toEqual(['identity', undefined])
  })
})

it.each([
  ['commas', ','.repeat(100_000)],
  ['blanks', `gzip${' '.repeat(100_000)}x`],
  ['blanks at the beginning', `${' '.repeat(100_000)};`],
  ['one long name', `${'a'.repeat(100_000)} x`],
  ['semicolons', `gzip${';'.repeat(100_000)}`],
  ['names', Array.from({ length: 20_000 }, (_, i) => `a${i}`).join(',')],
  ['digits', `gzip;q=0.${'0'.repeat(100_000)}`],
])('100 KB of %s take linear time', (_, field) => {
  expect(preferredEncoding(field, ['br'])).toBe('identity')
})
