import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { respond, type Finished } from '@outerware/core'
import { path, site } from '@outerware/core/inner'
import { toNode } from '@outerware/core/node'
import { listen, type Listening } from '../support/index.ts'
import { gunicorn, missing, python, type Gunicorn } from './django/gunicorn.ts'

const skipped = python === undefined && process.env['CI'] !== 'true'
if (skipped) console.info(`finished, beside Django's request_finished: skipped. ${missing}`)

/** How a client behaves; it may wait until the app has begun, and tells what it has read to the end. */
type Client = (port: number, path: string, begun: Promise<void>) => Promise<string | void>

async function ask(port: number, at: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`GET ${at} HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n`)
  return socket
}

const reads: Client = async (port, at) => {
  const socket = await ask(port, at)
  const closed = once(socket, 'close')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await closed
  return String(Buffer.concat(chunks))
}
const leavesInTheMiddle: Client = async (port, at) => {
  const socket = await ask(port, at)
  await once(socket, 'data')
  socket.resetAndDestroy()
}
const leavesAtOnce: Client = async (port, at, begun) => {
  const socket = await ask(port, at)
  await begun
  socket.resetAndDestroy()
}

/** What a view has said, of all that a client has read. */
const wordsIn = (read: string | void): string | undefined => /hello|first|words of its own/.exec(read ?? '')?.[0]

const endless = (): Readable => {
  const chunk = Buffer.alloc(65_536, 'x')
  return new Readable({
    read() {
      this.push(chunk)
    },
  })
}
async function* failing(): AsyncGenerator<string> {
  yield 'first'
  await sleep(10)
  throw new Error('disk')
}

const told: { path: string; finished: Finished }[] = []
const begun: string[] = []
const waiting: (() => void)[] = []
const heard = (): void => waiting.splice(0).forEach((go) => go())

/** Resolves when that is so; looks whenever something has happened. */
async function ownUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve))
}

const sameSite = site({
  hooks: [
    {
      request(request) {
        begun.push(new URL(request.url).pathname)
        heard()
        return undefined
      },
      finished(finished, request) {
        told.push({ path: new URL(request.url).pathname, finished })
        heard()
      },
    },
  ],
  routes: [
    path('/text', () => respond('hello')),
    path('/last', () => respond('hello')),
    path('/stream', () => respond(endless())),
    path('/failing', () => respond(Readable.from(failing()))),
    path('/slow', async (request) => {
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      return respond('hello')
    }),
    path('/hijacked', (_request, { node }) => {
      node?.req.socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwords of its own')
      return respond('nobody reads this')
    }),
    path('/taken', (_request, { node }) => {
      node?.req.socket.destroy()
      return respond('nobody reads this')
    }),
  ],
})

const describeOrSkip = skipped ? describe.skip : describe
describeOrSkip("finished, beside Django's request_finished under gunicorn", () => {
  let django: Gunicorn
  let own: Listening
  beforeAll(async () => {
    if (python === undefined) throw new Error(missing)
    django = await gunicorn()
    own = await listen(toNode(sameSite, { onError: () => {} }))
  })
  afterAll(() => Promise.all([django?.stop(), own?.close()]))

  it.each<[string, string, Client, Partial<Finished>]>([
    ['a client that reads to the end', '/text', reads, { outcome: 'sent', status: 200 }],
    ['a client that leaves in the middle of a body', '/stream', leavesInTheMiddle, { outcome: 'aborted', status: 200 }],
    ['a client that leaves before there is an answer', '/slow', leavesAtOnce, { outcome: 'aborted', status: null }],
    ['a body that fails in its middle', '/failing', reads, { outcome: 'error', status: 200 }],
    [
      'a socket that the view has hijacked, to write on it itself',
      '/hijacked',
      reads,
      { outcome: 'aborted', error: null },
    ],
    ['a socket that the view has closed', '/taken', reads, { outcome: 'aborted' }],
  ])('both come once for %s; ours says how it ended', async (_what, at, client, wanted) => {
    const theirs = await client(django.port, at, django.until(`started ${at}`))
    await django.until(`finished ${at}`)
    const mine = await client(
      own.port,
      at,
      ownUntil(() => begun.includes(at)),
    )
    expect(wordsIn(mine)).toBe(wordsIn(theirs))
    await ownUntil(() => told.some((one) => one.path === at))

    // What would come a second time has come by the end of another request: gunicorn's worker does one at a time.
    const before = django.lines.filter((line) => line === 'finished /last').length
    await reads(django.port, '/last', Promise.resolve())
    await reads(own.port, '/last', Promise.resolve())
    await django.until('finished /last', before + 1)

    const ours = told.filter((one) => one.path === at)
    expect(django.lines.filter((line) => line === `finished ${at}`)).toHaveLength(1)
    expect(ours).toHaveLength(1)
    expect(ours[0]!.finished).toMatchObject(wanted)
  })
})
