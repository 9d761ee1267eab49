/** 100, 102 and 103 before the answer, trailers after it. */
import { requestOf, type Kind } from '../harness/kind.ts'
import { endWithReady } from '../harness/run.ts'

const get = (path: string): Kind => ({ name: `GET ${path}`, sends: requestOf(`GET ${path}`, 'TE: trailers') })

/** The interim response must come before there is an answer. */
const before = (path: string, sees: string, opens: string): Kind => ({
  name: `GET ${path}, seen before more comes`,
  async script(wire, { record }) {
    wire.send(requestOf(`GET ${path}`, 'TE: trailers'))
    await wire.saw(sees)
    record.open(opens)
    await endWithReady(wire, await wire.response())
  },
})

export const interims: readonly Kind[] = [
  get('/early-hints'),
  before('/plain/early-hints', '103 Early Hints', 'body'),
  before('/plain/processing', '102 Processing', 'body'),
  get('/plain/continue'),
  get('/plain/all-three'),
  get('/plain/hints-too-late'),
  get('/plain/hints-wrong'),
]

export const trailers: readonly Kind[] = [
  get('/plain/trailers'),
  get('/plain/trailers-first'),
  get('/plain/trailers-unsent'),
  get('/plain/trailers-wrong'),
  before('/plain/trailers-late', 'body', 'sum'),
]
