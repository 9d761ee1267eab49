import { describe, expect, it } from '@jest/globals'
import {
  dictionaryPreamble,
  escapePattern,
  formatUseAsDictionary,
  mayUseDictionary,
  parseAvailableDictionary,
  parseDictionaryId,
} from '@outerware/core/headers'

/** The one of RFC 9842, section 2.2. */
const digest = 'pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4='

describe('parseAvailableDictionary(field)', () => {
  it.each<[string, string | null, string | undefined]>([
    ['the RFC’s own', `:${digest}:`, digest],
    ['no field', null, undefined],
    ['white space around', `  :${digest}:  `, digest],
    ['padding left out (RFC 9651, 4.2.7)', `:${digest.slice(0, -1)}:`, digest],
    ['bits beyond the end that are set (RFC 9651, 4.2.7)', `:${digest.replace('G4=', 'G5=')}:`, digest],
    ['parameters, which say nothing', `:${digest}:;a;b=1; c="x;\\"";d=:AA==:;e=tok/en;f=?0;g=-1.5`, digest],

    ['31 bytes', `:${Buffer.alloc(31).toString('base64')}:`, undefined],
    ['33 bytes', `:${Buffer.alloc(33).toString('base64')}:`, undefined],
    ['no bytes', '::', undefined],
    ['no field value', '', undefined],
    ['base64 without colons', digest, undefined],
    ['a colon too few', `:${digest}`, undefined],
    ['a string', `"${digest}"`, undefined],
    ['base64url', `:${Buffer.alloc(32, 0xfb).toString('base64url')}:`, undefined],
    ['white space within', `:${digest.replace('p', 'p ')}:`, undefined],
    ['a tab around, which is no SP', `\t:${digest}:`, undefined],
    ['two of them', `:${digest}:, :${digest}:`, undefined],
    ['parameters that are none', `:${digest}:;A=1`, undefined],
    ['something behind', `:${digest}: x`, undefined],
    ['padding in the middle', `:AA==${digest}:`, undefined],
  ])('reads %s', (_what, field, read) => {
    expect(parseAvailableDictionary(field)).toBe(read)
  })

  it('reads 16 kB that are meant ill, and gives up', () => {
    const ill = `:${digest}:${';a="\\"\\"'.repeat(2000)}`
    expect(parseAvailableDictionary(ill)).toBeUndefined()
  })
})

describe('parseDictionaryId(field)', () => {
  it.each<[string, string | null, string | undefined]>([
    ['the RFC’s own (2.3)', '"/main/dictionary.js"', '/main/dictionary.js'],
    ['no field', null, undefined],
    ['an empty one', '""', ''],
    ['escapes', '"a\\"b\\\\c"', 'a"b\\c'],
    ['parameters', '"a";b=2', 'a'],
    ['a token', 'abc', undefined],
    ['an escape that is none', '"a\\b"', undefined],
    ['no end', '"abc', undefined],
    ['what is no ASCII', '"ü"', undefined],
    ['1024 characters', `"${'x'.repeat(1024)}"`, 'x'.repeat(1024)],
    ['one more', `"${'x'.repeat(1025)}"`, undefined],
  ])('reads %s', (_what, field, read) => {
    expect(parseDictionaryId(field)).toBe(read)
  })
})

describe('mayUseDictionary(request, response), by RFC 9842, section 9.3.3', () => {
  const cors = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://a.test' }

  it.each<[string, boolean, Record<string, string>, Record<string, string>?]>([
    ['who is no browser', true, { 'sec-fetch-mode': 'cors' }],
    ['a page of the same origin', true, { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' }],
    ['who tells no mode', true, { 'sec-fetch-site': 'cross-site' }],
    ['a navigation', true, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['a person', true, { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a fetch that stays within the origin', true, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'same-origin' }],
    ['a script of another origin', false, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a script of the same site', false, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['a mode that nobody knows', false, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'x' }],
    ['CORS that is not allowed', false, cors],
    ['CORS that is allowed to all', true, cors, { 'access-control-allow-origin': '*' }],
    ['CORS that is allowed', true, cors, { 'access-control-allow-origin': 'https://a.test' }],
    ['CORS that is allowed to others', false, cors, { 'access-control-allow-origin': 'https://b.test' }],
    ['CORS without an origin', false, { ...cors, origin: '' }, { 'access-control-allow-origin': '*' }],
  ])('%s: %s', (_who, may, { origin = '', ...fields }, response = {}) => {
    const request = new Headers(origin === '' ? fields : { ...fields, origin })
    expect(mayUseDictionary(request, new Headers(response))).toBe(may)
  })
})

describe('formatUseAsDictionary(dictionary)', () => {
  it.each([
    [
      'the RFC’s path prefix (2.1.5.1)',
      { match: '/product/*', matchDest: ['document'] },
      'match="/product/*", match-dest=("document")',
    ],
    ['the RFC’s versioned directory (2.1.5.2)', { match: '/app/*/main.js' }, 'match="/app/*/main.js"'],
    [
      'several destinations',
      { match: '/*', matchDest: ['script', 'style'] },
      'match="/*", match-dest=("script" "style")',
    ],
    ['no destinations, which are all', { match: '/*', matchDest: [] }, 'match="/*"'],
    ['an id', { match: '/*', id: 'build "7"' }, 'match="/*", id="build \\"7\\""'],
    ['a backslash', { match: '/a\\*b' }, 'match="/a\\\\*b"'],
  ])('writes %s', (_what, dictionary, field) => {
    expect(formatUseAsDictionary(dictionary)).toBe(field)
  })

  it.each([
    ['a line break', { match: '/a\r\nset-cookie: x' }],
    ['what is no ASCII', { match: '/ü' }],
    ['an id of 1025 characters', { match: '/', id: 'x'.repeat(1025) }],
  ])('refuses %s', (_what, dictionary) => {
    expect(() => formatUseAsDictionary(dictionary)).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })
})

describe('escapePattern(path)', () => {
  it('makes a path stand for itself', () => {
    expect(escapePattern('/a:b*c+d(e)/f.js')).toBe('/a\\:b\\*c\\+d\\(e\\)/f.js')
  })
})

describe('dictionaryPreamble(coding, digest)', () => {
  const bytes = Buffer.from(digest, 'base64')

  it('gives 36 bytes for dcb (RFC 9842, section 4)', () => {
    expect(Buffer.from(dictionaryPreamble('dcb', bytes)).toString('hex')).toBe(`ff444342${bytes.toString('hex')}`)
  })

  it('gives 40 bytes for dcz (RFC 9842, section 5)', () => {
    expect(Buffer.from(dictionaryPreamble('dcz', bytes)).toString('hex')).toBe(
      `5e2a4d1820000000${bytes.toString('hex')}`,
    )
  })

  it('refuses what is no SHA-256', () => {
    expect(() => dictionaryPreamble('dcz', bytes.subarray(1))).toThrow('A digest must have 32 bytes, got 31')
  })
})
