/** Faults of an app: before its head, after it, and at a bad moment. */
import { requestOf, withBody, type Kind } from '../harness/kind.ts'
import { endWithReady } from '../harness/run.ts'

const get = (path: string): Kind => ({ name: `GET ${path}`, sends: requestOf(`GET ${path}`) })

/** The server cuts the connection, at once or when the client has seen the text. */
const cut = (path: string, sees?: string): Kind => ({
  name: `GET ${path}, cut`,
  async script(wire, { record }) {
    wire.send(requestOf(`GET ${path}`))
    if (sees !== undefined) await wire.saw(sees)
    record.open('fail')
    await wire.closed()
  },
})

const endsLater = 'a held end leaves when the listener has returned: what it did wrong after it is reported before'

export const errors: readonly Kind[] = [
  get('/throws'),
  get('/throws-status'),
  get('/rejects'),
  get('/own-page'),
  { name: 'POST, throws with a body unread', sends: withBody('POST /plain/none', 'hello') },
  cut('/throws-after-head', 'a good beginning'),
  cut('/throws-after-end'),
  get('/double'),
  { ...get('/plain/double'), unordered: endsLater },
  get('/plain/double-head'),
  get('/plain/wrong-field'),
  get('/plain/wrong-head'),
  get('/plain/wrong-head-list'),
  get('/plain/wrong-status'),
  get('/plain/wrong-status-implicit'),
  get('/plain/wrong-chunk'),
  { ...get('/plain/write-after-end'), unordered: endsLater },
  get('/plain/strict-length'),
  get('/plain/strict-length-short'),
  get('/plain/strict-length-chunked'),
]

export const destroys: readonly Kind[] = [
  cut('/plain/destroy'),
  cut('/plain/destroy-error'),
  cut('/plain/destroy-socket'),
  cut('/plain/destroy-req'),
  cut('/plain/destroy-after-head'),
  {
    ...cut('/plain/destroy-after-flush'),
    exempt: { rebuild: 'the other body fails before its first byte, and the head goes with the first byte' },
  },
  cut('/plain/destroy-mid-stream', 'a good beginning'),
  cut('/plain/destroy-after-end'),
  cut('/plain/destroy-socket-after-end'),
  cut('/plain/destroy-soon-after-end'),
  cut('/plain/destroy-a-turn-after-write'),
  cut('/plain/end-socket'),
]

export const states: readonly Kind[] = [
  get('/plain/states'),
  {
    name: 'GET /plain/states-streamed',
    async script(wire, { record }) {
      wire.send(requestOf('GET /plain/states-streamed'))
      await wire.saw('a\r\n')
      record.open('end')
      await endWithReady(wire, await wire.response())
    },
  },
  get('/plain/callbacks'),
  get('/plain/callbacks-end'),
  get('/plain/own-methods'),
  get('/plain/own-head-status'),
  get('/morgan'),
  get('/morgan-immediate'),
]
