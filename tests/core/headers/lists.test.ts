import { describe, expect, it } from '@jest/globals'
import { hasDirective, splitList } from '@outerware/core/headers'

describe('splitList(field)', () => {
  it.each<[string, string, string[]]>([
    // The examples of RFC 9110, section 5.6.1.2.
    ['the RFC: two', 'foo,bar', ['foo', 'bar']],
    ['the RFC: two, and an empty one', 'foo ,bar,', ['foo', 'bar']],
    ['the RFC: three, with empty ones', 'foo , ,bar,charlie', ['foo', 'bar', 'charlie']],
    ['the RFC: nothing', '', []],
    ['the RFC: commas only', ',', []],
    ['the RFC: commas and blanks', ',   ,', []],

    ['one', 'foo', ['foo']],
    ['tabs', '\tfoo\t,\tbar\t', ['foo', 'bar']],
    ['blanks within', 'a b, c', ['a b', 'c']],
    ['a comma in quotes', 'a="b,c", d', ['a="b,c"', 'd']],
    ['an escaped quote', String.raw`a="b\",c", d`, [String.raw`a="b\",c"`, 'd']],
    ['an escaped backslash', String.raw`a="b\\", c`, [String.raw`a="b\\"`, 'c']],
    ['a backslash out of quotes escapes nothing', String.raw`a\,b`, ['a\\', 'b']],
    ['a quote that is not closed takes the rest', 'a, "b, c', ['a', '"b, c']],
    ['a backslash at the end takes nothing away', String.raw`a, "b\ `.trim(), ['a', String.raw`"b\ `.trim()]],
    ['empty quotes', '"", a', ['""', 'a']],
  ])('%s: %j', (_, field, members) => {
    expect(splitList(field)).toEqual(members)
  })

  it.each([
    ['commas', ','.repeat(100_000), 0],
    ['members', 'a,'.repeat(50_000), 50_000],
    ['quotes', '"'.repeat(100_000), 1],
    ['backslashes', `"${'\\'.repeat(100_000)}`, 1],
    ['blanks', `a${' '.repeat(100_000)}b`, 1],
  ])('100 KB of %s take linear time', (_, field, count) => {
    expect(splitList(field)).toHaveLength(count)
  })
})

describe('hasDirective(field, name)', () => {
  it.each<[string, string | null, boolean]>([
    ['no field', null, false],
    ['an empty field', '', false],
    ['alone', 'no-transform', true],
    ['among others', 'public, no-transform, max-age=3600', true],
    ['in any case', 'public, No-Transform', true],
    ['with an argument', 'no-transform=1', true],
    ['with an argument in quotes', 'no-transform="a, b"', true],
    ['with blanks before the argument', 'no-transform =1', true],
    ['as part of another', 'x-no-transform, no-transforms', false],
    ['as an argument of another', 'private="no-transform"', false],
    ['in the quoted list of another', 'private="a, no-transform, b"', false],
    ['others only', 'public, max-age=3600', false],
  ])('%s: %p', (_, field, has) => {
    expect(hasDirective(field, 'no-transform')).toBe(has)
  })
})
