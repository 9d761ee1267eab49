import { describe, expect, it } from '@jest/globals'
import { isEntityTag, matchesStrongly, matchesWeakly, weaken } from '@outerware/core/headers'

describe('two tags (RFC 9110, 8.8.3.2)', () => {
  it.each([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
    // And the other way round.
    ['"1"', 'W/"1"', false, true],
    ['"1"', '"2"', false, false],
  ])('%s and %s: strongly %p, weakly %p', (field, etag, strongly, weakly) => {
    expect(matchesStrongly(field, etag)).toBe(strongly)
    expect(matchesWeakly(field, etag)).toBe(weakly)
  })
})

describe('a list of tags', () => {
  it.each<[string, string, string | undefined, boolean]>([
    // The examples of 13.1.1 and 13.1.2.
    ['one', '"xyzzy"', '"xyzzy"', true],
    ['several', '"xyzzy", "r2d2xxxx", "c3piozzzz"', '"c3piozzzz"', true],
    ['several, none of them', '"xyzzy", "r2d2xxxx", "c3piozzzz"', '"r2d2"', false],
    ['a star, with a tag', '*', '"xyzzy"', true],
    ['a star, without one', '*', undefined, true],
    ['a star with blanks', ' * ', '"xyzzy"', true],
    ['tags, without one', '"xyzzy"', undefined, false],
    ['no blanks', '"a","b"', '"b"', true],
    ['many blanks', ' \t"a" \t, \t"b"\t', '"b"', true],
    ['empty members', ',, "a",,', '"a"', true],
    ['an empty field', '', '"a"', false],
    ['the empty tag', '""', '""', true],
    ['the empty tag is not none', '""', undefined, false],
    ['a comma in a tag', '"a,b", "c"', '"a,b"', true],
    ['a comma in a tag makes no tag of its halves', '"a,b"', '"b"', false],
    // 8.8.3: an opaque-tag is no quoted-string.
    ['a backslash escapes nothing', String.raw`"a\", "b"`, '"b"', true],
    ['a backslash is of the tag', String.raw`"a\"`, String.raw`"a\"`, true],
    ['case counts', '"A"', '"a"', false],
    ['bytes beyond ASCII', '"\u00e9"', '"\u00e9"', true],
    ['a star among tags is no star', '"a", *', '"b"', false],
    ['a star in a tag is no star', '"*"', '"b"', false],
    ['no quotes is no tag', 'a', 'a', false],
    ['no quotes in the field', 'xyzzy', '"xyzzy"', false],
    ['a quote that is not closed', '"a', '"a', false],
    ['a quote that is not closed, before a tag', 'x", "a"', '"a"', true],
    ['two tags without a comma are none', '"a" "b"', '"a"', false],
    ['a parameter makes it none', '"a";q=1', '"a"', false],
  ])('%s: %s', (_, field, etag, matches) => {
    expect(matchesWeakly(field, etag)).toBe(matches)
    expect(matchesStrongly(field, etag)).toBe(matches)
  })

  it('weakly: a weak one among strong ones, on either side', () => {
    expect(matchesWeakly('"a", W/"b"', '"b"')).toBe(true)
    expect(matchesWeakly('"a", "b"', 'W/"b"')).toBe(true)
  })

  it('strongly: a weak tag matches a star, and no tag', () => {
    expect(matchesStrongly('*', 'W/"a"')).toBe(true)
    expect(matchesStrongly('W/"a"', 'W/"a"')).toBe(false)
  })

  it('W is written in capitals (8.8.3)', () => {
    expect(matchesWeakly('w/"a"', '"a"')).toBe(false)
  })

  it.each([
    ['tags', '"a",'.repeat(25_000), false],
    ['quotes', '"'.repeat(100_000), false],
    ['commas', ','.repeat(100_000), false],
    ['blanks', `"a"${' '.repeat(100_000)}x`, false],
    ['blanks and commas', ' ,'.repeat(50_000), false],
    ['one tag', `"${'a'.repeat(100_000)}`, false],
    ['quotes and commas', '",'.repeat(50_000), false],
  ])('100 KB of %s take linear time', (_, field, matches) => {
    expect(matchesWeakly(field, '"b"')).toBe(matches)
    expect(matchesStrongly(field, '"b"')).toBe(matches)
  })
})

describe('isEntityTag(text)', () => {
  it.each([
    ['"xyzzy"', true],
    ['W/"xyzzy"', true],
    ['""', true],
    ['"!#~\u0080\u00ff"', true],
    [String.raw`"a\b"`, true],
    ['"a,b"', true],
    ['xyzzy', false],
    ['"xyzzy', false],
    ['xyzzy"', false],
    ['"a"b"', false],
    ['"a b"', false],
    ['"a\tb"', false],
    ['"a\u007f"', false],
    ['"€"', false],
    ['w/"a"', false],
    ['W/a', false],
    ['W/', false],
    ['', false],
    ['*', false],
    ['"a", "b"', false],
    ['"a"\n', false],
  ])('%j: %p', (text, is) => {
    expect(isEntityTag(text)).toBe(is)
  })
})

describe('weaken(etag)', () => {
  it.each([
    ['"a"', 'W/"a"'],
    ['W/"a"', 'W/"a"'],
    ['""', 'W/""'],
  ])('%s: %s', (etag, weak) => {
    expect(weaken(etag)).toBe(weak)
  })
})
