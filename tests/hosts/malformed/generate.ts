/**
 * Malformed requests from a seeded generator: well-formed ones, spoilt in one or more places, and some left whole.
 *
 * @module
 */

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Makes the bytes of a request, one character a byte. */
export function malformed(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  // Most parts are the usual ones: what is odd in every part is refused at its first.
  const part: Part = (usual, odd) => (random() < 0.75 ? pick(usual) : pick(odd))
  let request = wellFormed(part)
  const faults = Math.floor(random() * random() * 4)
  for (let i = 0; i < faults; i++) request = pick(spoilers)(request, random, pick, part)
  return request
}

type Pick = <T>(list: readonly T[]) => T
type Part = (usual: readonly string[], odd: readonly string[]) => string

const usual = {
  methods: ['GET', 'GET', 'POST', 'HEAD'],
  targets: ['/', '/a?b=c', '/a%20b'],
  versions: ['HTTP/1.1'],
  fields: ['Accept: */*', 'Content-Length: 5', 'Transfer-Encoding: chunked', 'Connection: close', 'X-A: b'],
  bodies: ['', 'hello', '5\r\nhello\r\n0\r\n\r\n'],
}

const methods = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'TRACE',
  'PATCH',
  'CONNECT',
  'M-SEARCH',
  'GETT',
  'get',
]
const targets = [
  '/',
  '/a/../b',
  '/%',
  '/%2f%00',
  '*',
  'http://a.test/',
  'http://[::',
  '//x',
  '?',
  '/ü',
  '/a b',
  'a:443',
  '/#',
  '',
]
const versions = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'http/1.1', 'HTTP/1.', '']
const fields = [
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 5, 6',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding : chunked',
  'Connection: close',
  'Connection: keep-alive, upgrade',
  'Connection: Upgrade\r\nUpgrade: websocket',
  'Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  'Expect: 100-continue',
  'Expect: the unexpected',
  'Host: other.test',
  'Host: a b',
  'Host:',
  'X-Long: ' + 'x'.repeat(20_000),
  'X-Null: a\0b',
  'X-Bare: a\rb',
  ' folded: yes',
  'no colon',
  ': no name',
  'Sec-WebSocket-Key: short',
  'Cookie: a=1;;; =',
  'Range: bytes=9-0',
  '__proto__: polluted',
  'constructor: x',
]
const bodies = [
  '',
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  'ffffffffffffffff1\r\n',
  'zz\r\nhello',
  '5\r\nhel',
  '0\r\nX: y\r\n\r\n',
  '5;x=y\r\nhello\r\n0\r\n\r\n',
]

function wellFormed(part: Part): string {
  const more = part([''], fields)
  const lines = ['Host: site.test', part(usual.fields, fields), ...(more === '' ? [] : [more])]
  const line = [part(usual.methods, methods), part(usual.targets, targets), part(usual.versions, versions)].join(' ')
  return `${line}\r\n${lines.join('\r\n')}\r\n\r\n${part(usual.bodies, bodies)}`
}

type Spoiler = (request: string, random: () => number, pick: Pick, part: Part) => string

const at = (request: string, random: () => number): number => Math.floor(random() * (request.length + 1))

const spoilers: readonly Spoiler[] = [
  // A byte more, a byte less, another byte.
  (request, random) => insert(request, at(request, random), String.fromCharCode(Math.floor(random() * 256))),
  (request, random) => cut(request, at(request, random), 1),
  (request, random) => {
    const where = at(request, random)
    return insert(cut(request, where, 1), where, String.fromCharCode(Math.floor(random() * 256)))
  },
  // Half of it, a part of it twice, a part of it missing.
  (request, random) => request.slice(0, at(request, random)),
  (request, random) => insert(request, at(request, random), request.slice(0, at(request, random))),
  (request, random) => cut(request, at(request, random), 20),
  // What separates things.
  (request, random, pick) =>
    insert(request, at(request, random), pick(['\r\n', '\n', '\r', '\r\n\r\n', '\0', ' ', ':', '\t'])),
  (request) => request.replaceAll('\r\n', '\n'),
  (request) => request.replace('\r\n', '\n'),
  // Two at once, as a smuggler does.
  (request, _random, _pick, part) => request + wellFormed(part),
  (request) => request.replace('\r\n', '\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n'),
]

function insert(text: string, where: number, what: string): string {
  return text.slice(0, where) + what + text.slice(where)
}

function cut(text: string, where: number, length: number): string {
  return text.slice(0, where) + text.slice(where + length)
}
