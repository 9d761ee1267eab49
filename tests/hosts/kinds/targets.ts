/** Odd targets, odd hosts, repeated fields (RFC 9112, section 3.2). */
import { requestOf, rewritten, type Kind } from '../harness/kind.ts'

const get = (target: string, name = `GET ${target}`, exempt: NonNullable<Kind['exempt']> = {}): Kind => ({
  name,
  exempt,
  sends: requestOf(`GET ${target}`),
})

/** A request with fields of its own in place of the usual Host. */
const raw = (name: string, ...lines: string[]): Kind => ({
  name,
  async script(wire) {
    wire.send([...lines, 'Connection: close', '', ''].join('\r\n'))
    await wire.response()
    await wire.closed()
  },
})

export const targets: readonly Kind[] = [
  ...['/../up', '/a/./b/../c', '/%2e%2e/up', '/back\\slash', '/a|b^c`{d}'].map((t) => get(t, `GET ${t}`, rewritten)),
  ...['//double//slash', '/a%2Fb', '/a%5Cb', '/bad%zz'].map((t) => get(t)),
  ...['/?', '/??a=b', '/?a=1&a=2&b[]=3', '/?a=%zz', '/a;b=c', '/mounted', '/mounted/deep?x=1', '/%00'].map((t) =>
    get(t),
  ),
  { name: 'raw UTF-8', sends: requestOf(`GET /${Buffer.from('größe/✓').toString('latin1')}`) },
  get('/frag#ment'),
  get('http://other.test:81/absolute?form=1'),
  get('http://other.test', 'absolute form without a path'),
  get('HTTPS://Other.TEST/upper'),
  get('?only=query'),
  get('relative/path'),
  { name: 'OPTIONS *', sends: requestOf('OPTIONS *') },
  get('*'),
  get(`/${'a'.repeat(8000)}`, 'a long target'),
]

export const hosts: readonly Kind[] = [
  raw('no Host', 'GET /host HTTP/1.1'),
  raw('an empty Host', 'GET /host HTTP/1.1', 'Host:'),
  raw('a Host with a port', 'GET /host HTTP/1.1', 'Host: a.b.site.test:8080'),
  raw('a Host of IPv6', 'GET /host HTTP/1.1', 'Host: [::1]:80'),
  raw('a Host that is none', 'GET /host HTTP/1.1', 'Host: a b/c@d:99999'),
  raw('a Host beyond ASCII', 'GET /host HTTP/1.1', 'Host: größe.test'),
  raw('two Hosts', 'GET /host HTTP/1.1', 'Host: a.test', 'Host: b.test'),
]

export const fields: readonly Kind[] = [
  {
    name: 'fields twice, in their case and order',
    sends: requestOf('GET /fields', 'X-Two: 1', 'x-two: 2', 'Accept: a', 'Accept: b', 'Cookie: a=1', 'cookie: b=2'),
  },
  {
    name: 'single fields twice',
    sends: requestOf('GET /fields', 'User-Agent: a', 'User-Agent: b', 'Referer: c', 'Referer: d'),
  },
  { name: 'values with odd space', sends: requestOf('GET /fields', 'X-Space: \t a  b \t', 'X-Empty:') },
  { name: 'values beyond ASCII', sends: requestOf('GET /fields', 'X-Latin: gr\xf6\xdfe', 'X-UTF-8: \xe2\x9c\x93') },
  { name: 'names that objects have', sends: requestOf('GET /fields', '__proto__: 1', 'constructor: 2', 'toString: 3') },
  { name: 'the fields as they came', sends: requestOf('GET /plain/version', 'X-A: 1', 'x-A: 2') },
]
