/** What two further frameworks answer: the same questions to Koa and to Fastify. */
import { requestOf, withBody, type Kind } from '../harness/kind.ts'

const get = (path: string, ...fields: string[]): Kind => ({
  name: `GET ${path}`,
  sends: requestOf(`GET ${path}`, ...fields),
})

const json = 'Content-Type: application/json'

const both: readonly Kind[] = [
  ...['/text', '/json', '/buffer', '/null', '/status', '/fields', '/redirect', '/stream', '/later'].map((path) =>
    get(path),
  ),
  ...['/throws', '/throws-status', '/by-hand', '/missing', '/bad%zz', '//double'].map((path) => get(path)),
  ...['/text', '/json', '/stream', '/missing', '/redirect'].map((path) => ({
    name: `HEAD ${path}`,
    sends: requestOf(`HEAD ${path}`),
  })),
  { name: 'OPTIONS', sends: requestOf('OPTIONS /text') },
  { name: 'POST, an echo', sends: withBody('POST /echo', '{"a":1}', json) },
  { name: 'POST to nowhere', sends: withBody('POST /missing', '{"a":1}', json) },
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
