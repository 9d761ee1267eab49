import { describe, expect, it } from '@jest/globals'
import { pathOf, readPath } from '@outerware/core'
import { get } from '../support/index.ts'

describe('readPath(target) reads', () => {
  it.each<[string, string, string]>([
    ['the root', '/', '/'],
    ['a path', '/a/b.css', '/a/b.css'],
    ['a query away', '/a?b', '/a'],
    ['an empty query away', '/a?', '/a'],
    ['a query with a path in it', '/a?b=/../c', '/a'],
    ['a query with a second question mark', '/a?b?c', '/a'],
    ['a query with escapes that are none', '/a?%zz%2f%00', '/a'],
    ['a query with a fragment in it', '/a?b#c', '/a'],
    ['a query right at the root', '/?b', '/'],
    ['empty segments as they are', '//a///b//', '//a///b//'],
    ['a slash at the end as it is', '/a/', '/a/'],
    ['dots that are no dot segments', '/.well-known/..a/.../a..', '/.well-known/..a/.../a..'],
    ['sub-delims and such as they are (RFC 3986, 3.3)', "/!$&'()*+,;=:@-._~", "/!$&'()*+,;=:@-._~"],
    ['characters that are not allowed raw, but not ambiguous', '/"<>[]^`{|}', '/"<>[]^`{|}'],
    ['case as it is', '/A/a', '/A/a'],
    ['an escape', '/a%20b', '/a b'],
    ['an escape of an unreserved character', '/%61%2D', '/a-'],
    ['an escape in either case', '/%c3%BC', '/ü'],
    ['an escaped question mark and hash, which are of the path', '/a%3Fb%23c', '/a?b#c'],
    ['an escaped percent once', '/%2541', '/%41'],
    ['a doubly escaped dot segment once', '/%252e%252e/a', '/%2e%2e/a'],
    ['a doubly escaped slash once', '/a%252fb', '/a%2fb'],
    ['a doubly escaped NUL once', '/a%2500', '/a%00'],
    ['an escaped dot that makes no dot segment', '/a%2ecss/%2e%2e%2e/%2ehtaccess', '/a.css/.../.htaccess'],
    ['UTF-8 of four bytes', '/%F0%9F%8D%B0', '/🍰'],
    ['NFD as NFC', '/u%CC%88ber', '/über'],
    ['NFC as it is', '/%C3%BCber', '/über'],
    ['a byte order mark as it is', '/%EF%BB%BFa', '/\ufeffa'],
    ['line breaks, which a file name may have', '/a%0D%0Ab', '/a\r\nb'],
  ])('%s: %s', (_, target, path) => {
    expect(readPath(target)).toBe(path)
  })

  it.each<[string, string]>([
    ['http://site.test/a/b?c', '/a/b'],
    ['https://site.test', '/'],
    ['https://site.test?a/b', '/'],
    ['https://site.test/?a/b', '/'],
    ['http://user:pw@site.test:8080/a', '/a'],
    ['http://[::1]:80/a', '/a'],
    ['HTTP://SITE.TEST/A', '/A'],
    ['http://site.test//a', '//a'],
    ['http://site.test/%61?http://other.test/b', '/a'],
    ['coap+tcp://site.test/a', '/a'],
  ])('an absolute URL: %s', (target, path) => {
    expect(readPath(target)).toBe(path)
  })
})

describe('readPath(target) has no one reading of', () => {
  it.each<[string, string]>([
    ['a dot segment', '/a/./b'],
    ['a dot segment alone', '/.'],
    ['a dot segment alone that goes up', '/..'],
    ['a dot segment at the end', '/a/.'],
    ['a dot segment that goes up', '/a/../b'],
    ['a dot segment that goes up from the root', '/../etc/passwd'],
    ['a dot segment before a query', '/a/..?b'],
    ['an escaped dot segment', '/%2e%2e/etc'],
    ['an escaped dot segment in capitals', '/%2E%2E/etc'],
    ['a dot segment that is escaped by half', '/.%2e/etc'],
    ['a dot segment that is escaped by the other half', '/%2e./etc'],
    ['one escaped dot', '/a/%2e'],
    ['an escaped slash', '/a%2fb'],
    ['an escaped slash in capitals', '/a%2Fb'],
    ['an escaped slash that makes a dot segment', '/a%2f..%2fb'],
    ['an escaped backslash', '/a%5cb'],
    ['an escaped backslash in capitals', '/..%5C..%5Cetc'],
    ['a raw backslash', '/a\\b'],
    ['a raw backslash that makes a dot segment', '/..\\etc'],
    ['an escaped NUL', '/a%00'],
    ['an escaped NUL before a suffix', '/secret.txt%00.css'],
    ['a raw NUL', '/a\0'],
    ['a lone percent', '/a%'],
    ['a percent with one digit', '/a%4'],
    ['an escape of no digits', '/%zz'],
    ['an escape of one digit', '/%4z'],
    ['an escape of IIS', '/%u0041'],
    ['an overlong slash of two bytes', '/%c0%af'],
    ['an overlong dot of two bytes', '/%c0%ae%c0%ae/etc'],
    ['an overlong slash of three bytes', '/%e0%80%af'],
    ['an overlong slash of four bytes', '/%f0%80%80%af'],
    ['an overlong NUL', '/%c0%80'],
    ['a surrogate', '/%ed%a0%80'],
    ['latin1, which is no UTF-8', '/%FCber'],
    ['UTF-8 that is cut', '/%C3'],
    ['a continuation with no beginning', '/%BC'],
    ['beyond Unicode', '/%f4%90%80%80'],
    ['raw UTF-8, as Node hands it over', '/\u00c3\u00bcber'],
    ['raw characters beyond ASCII', '/über'],
    ['a raw space', '/a b'],
    ['a raw tab', '/a\tb'],
    ['a raw line break', '/a\nb'],
    ['a raw DEL', '/a\u007f'],
    ['a fragment', '/a#b'],
    ['a fragment at the end', '/a#'],
    ['the target of OPTIONS for the whole server', '*'],
    ['the target of CONNECT', 'site.test:443'],
    ['the empty text', ''],
    ['a query alone', '?a'],
    ['a relative path', 'a/b'],
    ['a relative path with a URL in its query', 'a?b=http://c/d'],
    ['a URL without an authority', 'mailto:a@b'],
    ['a URL with an empty authority, whose path others take for a host', 'http:///etc/passwd'],
    ['a URL with a query for an authority', 'http://?a'],
    ['a URL with a backslash for a slash', 'http://site.test\\a/b'],
    ['a URL with a fragment in its authority', 'http://site.test#/a/b'],
    ['a URL with a space in its authority', 'http://site.test /a'],
    ['a URL with a fragment', 'http://site.test/a#b'],
    ['a URL with an escaped dot segment', 'http://site.test/%2e%2e/a'],
    ['a URL without a scheme', '://site.test/a'],
    ['a URL whose scheme is none', '1http://site.test/a'],
  ])('%s: %j', (_, target) => {
    expect(readPath(target)).toBeUndefined()
  })
})

describe('pathOf(request)', () => {
  it.each([
    ['/a%20b?c', '/a b'],
    ['/%C3%BCber', '/über'],
    ['/a%2fb', undefined],
    ['/%c0%af', undefined],
    // The platform resolves these by itself, before anybody reads.
    ['/a/../b', '/b'],
    ['/a/%2e%2e/b', '/b'],
    ['/a\\b', '/a/b'],
  ])('reads the path of its url: %s', (target, path) => {
    expect(pathOf(get(target))).toBe(path)
  })
})

it.each<[string, string, number | undefined]>([
  ['escapes', '/%41'.repeat(25_000), 50_000],
  ['dots', `/${'.'.repeat(100_000)}`, 100_001],
  ['slashes', '/'.repeat(100_000), 100_000],
  ['segments with a dot', '/.a'.repeat(33_000), 99_000],
  ['percents', `/${'%'.repeat(100_000)}`, undefined],
  ['a scheme that does not end', 'a'.repeat(100_000), undefined],
])('100 KB of %s take linear time', (_, target, length) => {
  expect(readPath(target)?.length).toBe(length)
})
