/** The same questions to every framework, and a few of its own to each. */
import { requestOf, withBody, type Kind } from '../harness/kind.ts'

const get = (path: string, ...fields: string[]): Kind => ({
  name: `GET ${path}`,
  sends: requestOf(`GET ${path}`, ...fields),
})

const json = 'Content-Type: application/json'

const all: readonly Kind[] = [
  ...['/text', '/json', '/status', '/fields', '/redirect', '/stream', '/later'].map((path) => get(path)),
  ...['/throws', '/throws-status', '/missing', '/bad%zz', '//double'].map((path) => get(path)),
  ...['/text', '/json', '/stream', '/missing', '/redirect'].map((path) => ({
    name: `HEAD ${path}`,
    sends: requestOf(`HEAD ${path}`),
  })),
  { name: 'OPTIONS', sends: requestOf('OPTIONS /text') },
  { name: 'POST, an echo', sends: withBody('POST /echo', '{"a":1}', json) },
  { name: 'POST to nowhere', sends: withBody('POST /missing', '{"a":1}', json) },
]

const both: readonly Kind[] = [
  ...all,
  ...['/buffer', '/null', '/by-hand'].map((path) => get(path)),
  {
    name: 'a stream that fails half way',
    async script(wire, { record }) {
      wire.send(requestOf('GET /stream-fails'))
      await wire.saw('a good beginning')
      record.open('fail')
      await wire.closed()
    },
  },
  {
    name: 'the client leaves before the head',
    async script(wire, { record }) {
      wire.send(requestOf('GET /never'))
      await record.saw('app started')
      wire.reset()
      await record.saw('destroyed=true')
    },
  },
]

export const koa: readonly Kind[] = [
  ...both,
  get('/html'),
  get('/fresh', 'If-None-Match: "v1"'),
  { ...get('/fresh'), name: 'GET /fresh, stale' },
]

export const fastify: readonly Kind[] = [
  ...both,
  get('/hints'),
  get('/trailers', 'TE: trailers'),
  { name: 'POST, broken JSON', sends: withBody('POST /echo', '{"a":', json) },
  { name: 'POST, a type nobody reads', sends: withBody('POST /echo', 'a', 'Content-Type: text/x-own') },
]

/** Connect and Express 4. */
export const others: readonly Kind[] = both

export const nest: readonly Kind[] = [
  ...all,
  { name: 'POST, broken JSON', sends: withBody('POST /echo', '{"a":', json) },
]

const gzip = 'Accept-Encoding: gzip'
const boundary = 'Content-Type: multipart/form-data; boundary=b'
const part = (name: string): string =>
  ['--b', `Content-Disposition: form-data; name="file"; filename="${name}"`, '', 'text', ''].join('\r\n')

export const middlewares: readonly Kind[] = [
  ...['/page', '/written', '/head', '/missing', '/proxied/there?a=b'].flatMap((path) => [
    get(path),
    { ...get(path, gzip), name: `GET ${path}, compressed` },
  ]),
  { name: 'HEAD /page', sends: requestOf('HEAD /page', gzip) },
  { name: 'a session that is known', sends: requestOf('GET /page', 'Cookie: connect.sid=s%3Afixed-id.wrong') },
  { name: 'two files', sends: withBody('POST /upload', `${part('a.txt')}${part('b.txt')}--b--\r\n`, boundary) },
  { name: 'a field that multer does not know', sends: withBody('POST /upload', '--b\r\n--b--\r\n', boundary) },
  { name: 'a body through the proxy', sends: withBody('POST /proxied/echo', 'hello', 'Content-Type: text/plain') },
]
