/** Streams: the next piece is written only when the client has seen the last one, so holding back would hang. */
import { requestOf, type Kind } from '../harness/kind.ts'
import { endWithReady } from '../harness/run.ts'

const get = (path: string, ...fields: string[]): Kind => ({
  name: `GET ${path}`,
  sends: requestOf(`GET ${path}`, ...fields),
})

/** The client opens a gate of the app once it has seen a text. */
const stepwise = (
  path: string,
  steps: readonly (readonly [sees: string, opens: string])[],
  ...fields: string[]
): Kind => ({
  name: `GET ${path}, step by step`,
  async script(wire, { record }) {
    wire.send(requestOf(`GET ${path}`, ...fields))
    for (const [sees, opens] of steps) {
      await wire.saw(sees)
      record.open(opens)
    }
    await endWithReady(wire, await wire.response())
  },
})

const byDesign = {
  lines: /app (write|paused)/,
  reason: 'while a head is held, write() says true for the first 64 KB and then false, whatever the socket would say',
}

export const streams: readonly Kind[] = [
  get('/pipe'),
  get('/pipeline'),
  get('/pipeline-gzip'),
  get('/generator'),
  get('/plain/transform'),
  {
    ...get('/plain/pipeline-after-end'),
    unordered: 'a held end leaves when the listener has returned',
    forgives: {
      lines: /app pipeline|write after end/,
      reason: 'the app is told of its mistake in other words, since its end has not finished by then',
    },
  },
  get('/plain/ends-when-read'),
  get('/plain/flush-twice'),
  stepwise('/plain/step-by-step', [['first\n', 'more']]),
  stepwise('/plain/events', [[':ok', 'one'], ['one', 'two']]), // prettier-ignore
  stepwise('/plain/flush', [['\r\n\r\n', 'body']]),
  stepwise('/plain/ticks', [['c.', 'more']]),
  {
    name: 'GET /plain/ticks-and-cut',
    async script(wire) {
      wire.send(requestOf('GET /plain/ticks-and-cut'))
      await wire.closed()
    },
    exempt: { rebuild: 'a web stream that fails loses what nobody has read yet' },
  },
  { ...get('/plain/drain'), name: 'drain, a fast reader', forgives: byDesign },
  {
    name: 'drain, a slow reader',
    forgives: byDesign,
    async script(wire, { record }) {
      wire.pause()
      wire.send(requestOf('GET /plain/drain'))
      await record.saw('started')
      wire.resume()
      await endWithReady(wire, await wire.response())
    },
  },
  get('/plain/no-drain'),
  { ...get('/plain/held-before-drain'), forgives: byDesign },
  {
    name: 'a stream that fails half way',
    async script(wire, { record }) {
      wire.send(requestOf('GET /pipeline-fails'))
      await wire.saw('a good beginning')
      record.open('fail')
      await wire.closed()
    },
  },
]

export const middleware: readonly Kind[] = [
  get('/compressed', 'Accept-Encoding: gzip'),
  { ...get('/compressed'), name: 'compression, not wanted' },
  { name: 'compression, HEAD', sends: requestOf('HEAD /compressed', 'Accept-Encoding: gzip') },
  get('/compressed-small', 'Accept-Encoding: gzip'),
  get('/compressed-large', 'Accept-Encoding: gzip'),
  stepwise('/compressed-events', [['\r\n\r\n', 'more']], 'Accept-Encoding: gzip'),
  get('/session'),
  get('/session-streamed'),
]
