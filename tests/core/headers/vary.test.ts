import { describe, expect, it } from '@jest/globals'
import { respond } from '@outerware/core'
import { addVary } from '@outerware/core/headers'

const kinds: [string, (init?: Record<string, string>) => Headers][] = [
  ['native', (init) => new Headers(init)],
  ['light', (init) => respond(null, init === undefined ? {} : { headers: init }).headers],
]

describe.each(kinds)('addVary(headers, name), of %s headers', (_, make) => {
  it.each<[string, string | undefined, string, string]>([
    ['to none', undefined, 'accept-encoding', 'accept-encoding'],
    ['to an empty field', '', 'accept-encoding', 'accept-encoding'],
    ['to another', 'origin', 'accept-encoding', 'origin, accept-encoding'],
    ['to several', 'Origin,  Cookie', 'accept-encoding', 'Origin,  Cookie, accept-encoding'],
    ['to itself', 'accept-encoding', 'accept-encoding', 'accept-encoding'],
    ['to itself in another case', 'Accept-Encoding', 'accept-encoding', 'Accept-Encoding'],
    ['to itself among others', 'Origin, Accept-Encoding', 'accept-encoding', 'Origin, Accept-Encoding'],
    ['to a name that has it in it', 'x-accept-encoding', 'accept-encoding', 'x-accept-encoding, accept-encoding'],
    ['to a name that it has in it', 'accept', 'accept-encoding', 'accept, accept-encoding'],
    // RFC 9110, 12.5.5: a star stands for all of them, and more.
    ['to a star', '*', 'accept-encoding', '*'],
    ['to a star among others', 'origin, *', 'accept-encoding', 'origin, *'],
    ['a star, to none', undefined, '*', '*'],
    ['a star, to others', 'origin', '*', '*'],
    ['a star, to a star', '*', '*', '*'],
  ])('%s', (_name, before, name, after) => {
    const headers = make(before === undefined ? undefined : { Vary: before })
    addVary(headers, name)
    expect(headers.get('vary')).toBe(after)
  })

  it('adds to fields on several lines', () => {
    const headers = make()
    headers.append('vary', 'origin')
    headers.append('vary', 'cookie')
    addVary(headers, 'accept-encoding')
    addVary(headers, 'cookie')
    expect(headers.get('vary')).toBe('origin, cookie, accept-encoding')
  })
})
