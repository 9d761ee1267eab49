/** Request bodies: read, refused, streamed both ways, announced by Expect, and left unread. */
import { chunk, inChunks, lastChunk, requestOf, withBody, type Kind } from '../harness/kind.ts'
import { endWithReady } from '../harness/run.ts'

const post = (name: string, path: string, body: string, ...fields: string[]): Kind => ({
  name,
  sends: withBody(`POST ${path}`, body, ...fields),
})

const json = 'Content-Type: application/json'
const big = 'upload '.repeat(750_000)
const form = ['--b', 'Content-Disposition: form-data; name="title"', '', 'A title']
const file = [
  '--b',
  'Content-Disposition: form-data; name="file"; filename="a.txt"',
  'Content-Type: text/plain',
  '',
  'abc',
]

const mergesChunks = Number(process.versions.node.split('.', 1)[0]) >= 26

export const uploads: readonly Kind[] = [
  post('JSON', '/json', '{"a":[1,2]}', json),
  post('JSON, broken', '/json', '{"a":', json),
  post('JSON, 413', '/json', JSON.stringify('x'.repeat(2000)), json),
  post('JSON, a coding nobody knows', '/json', '{}', json, 'Content-Encoding: rot13'),
  post('a form', '/urlencoded', 'a=1&b=%C3%BC', 'Content-Type: application/x-www-form-urlencoded'),
  post('text', '/text', 'hello', 'Content-Type: text/plain'),
  post(
    'multipart',
    '/multipart',
    [...form, ...file, '--b--', ''].join('\r\n'),
    'Content-Type: multipart/form-data; boundary=b',
  ),
  post('an echo', '/echo', 'hello', 'Content-Type: text/x-own'),
  post('an echo, plain', '/plain/echo', 'hello'),
  post('an echo of nothing', '/plain/echo', ''),
  post('read by readable', '/plain/readable', 'hello'),
  post('read by iteration', '/plain/iterate', 'größe'),
  post('read after a while', '/plain/read-later', 'hello'),
  post('5 MB', '/plain/digest', big),
  post('5 MB by Express', '/raw', big, 'Content-Type: application/octet-stream'),
  { name: 'chunked', sends: inChunks('POST /plain/digest', ['one', 'two', 'three']) },
  {
    name: 'chunked, an echo keeps the pieces',
    sends: inChunks('POST /plain/echo', ['one', 'two']),
    // Such an app is called when both pieces are there, and reads them in one tick.
    exempt: mergesChunks ? { slow: 'from Node 26 on, what is written in one tick is one chunk' } : {},
  },
  {
    name: 'chunked, with trailers',
    sends: inChunks('POST /plain/digest', ['body'], ['Trailer: X-Sum'], 'X-Sum: 1\r\nx-other: 2\r\n'),
  },
  {
    name: 'full duplex',
    async script(wire) {
      wire.send(requestOf('POST /plain/answer-first', 'Transfer-Encoding: chunked'))
      await wire.saw('go on')
      for (const piece of ['ping', 'pong']) {
        wire.send(chunk(piece))
        await wire.saw(piece)
      }
      wire.send(lastChunk())
      await endWithReady(wire, await wire.response('POST'))
    },
  },
  post('unread, small', '/plain/unread', 'hello'),
  post('unread, by Express', '/unread', 'hello'),
  post('unread, 200 KB', '/plain/unread', 'x'.repeat(200_000)),
  {
    name: 'an upload that the app destroys',
    eitherEnding: 'bytes that the app did not read make the kernel send a RST, if they have come by then',
    async script(wire) {
      wire.send(requestOf('POST /plain/destroys-upload', 'Content-Length: 10'), 'hello')
      await wire.closed()
    },
  },
]

export const expectations: readonly Kind[] = [
  {
    name: 'Expect: 100-continue, answered by Node',
    async script(wire) {
      wire.send(requestOf('POST /plain/echo', 'Content-Length: 5', 'Expect: 100-continue'))
      await wire.saw('100 Continue\r\n\r\n')
      wire.send('hello')
      await endWithReady(wire, await wire.response('POST'))
    },
  },
  {
    name: 'Expect: 100-continue, answered by the app',
    events: ['request', 'checkContinue'],
    async script(wire) {
      wire.send(requestOf('POST /plain/expect', 'Content-Length: 5', 'Expect: 100-continue'))
      await wire.saw('100 Continue\r\n\r\n')
      wire.send('hello')
      await endWithReady(wire, await wire.response('POST'))
    },
  },
  {
    name: 'Expect: 100-continue, refused by the app',
    events: ['request', 'checkContinue'],
    async script(wire) {
      wire.send(requestOf('POST /plain/expect-refused', 'Content-Length: 5', 'Expect: 100-continue'))
      await wire.response('POST')
      await wire.closed()
    },
  },
  { name: 'Expect: something else, refused by Node', sends: withBody('POST /plain/echo', 'a', 'Expect: 200-maybe') },
  {
    name: 'Expect: something else, answered by the app',
    events: ['request', 'checkExpectation'],
    sends: withBody('POST /plain/echo', 'hello', 'Expect: 200-maybe'),
  },
]
