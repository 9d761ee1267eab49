import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { respond, upgrade, type Finished } from '@outerware/core'
import { serve, toNode, type Running } from '@outerware/core/node'
import { path, render, site, type Routes, type SiteHooks } from '@outerware/core/inner'
import { exchange, listen, type Listening } from '../support/index.ts'
import { ask, messageOf, says } from './support.ts'

const open: (Listening | { close(): unknown })[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** What `finished` has told, in order, and who waits for more of it. */
function listener() {
  const told: { path: string; finished: Finished }[] = []
  let heard = (): void => {}
  const hook: SiteHooks = {
    finished(finished, request) {
      told.push({ path: new URL(request.url).pathname, finished })
      heard()
    },
  }
  const until = async (count: number): Promise<void> => {
    while (told.length < count) await new Promise<void>((resolve) => (heard = resolve))
  }
  return { told, hook, until }
}

/** A site on a real socket, with a hook that hears how its responses end. */
async function running(routes: Routes) {
  const ends = listener()
  const errors: unknown[] = []
  const app = site({ routes, hooks: [ends.hook], renderer: String, report: (error) => void errors.push(error) })
  const listening = await listen(toNode(app, { onError: (error) => void errors.push(error) }))
  open.push(listening)
  return { ...listening, ...ends, errors }
}

const request = (at: string, more = ''): string => `GET ${at} HTTP/1.1\r\nHost: site.test\r\n${more}\r\n`
const last = 'Connection: close\r\n'

/** Connects and sends, and waits for the first bytes. */
async function client(port: number, bytes: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  open.push({ close: () => socket.destroy() })
  socket.write(bytes)
  return socket
}

/** A body of which nobody sees the end. */
function endless(): Readable {
  const chunk = Buffer.alloc(65_536, 'x')
  return new Readable({
    read: function (this: Readable) {
      this.push(chunk)
    },
  })
}

describe('finished, over Node', () => {
  it.each<[string, Routes, number]>([
    ['a text', [path('/', says('hello'))], 200],
    ['a page', [path('/', () => render('home'))], 200],
    ['a stream', [path('/', () => respond(Readable.from(['a', 'b'])))], 200],
    ['no body', [path('/', () => respond(null, { status: 204 }))], 204],
    ['a 404', [], 404],
    ['a 500', [path('/', () => Promise.reject(new Error('no')))], 500],
  ])('tells of %s that was sent, once, with its status', async (_what, routes, status) => {
    const { port, told, until } = await running(routes)
    await exchange(port, request('/', last))
    await until(1)
    expect(told).toEqual([
      { path: '/', finished: expect.objectContaining({ status, outcome: 'sent', error: null, evidence: 'os' }) },
    ])
  })

  it('comes after the last byte, not when the view has answered', async () => {
    const body = new Readable({ read() {} })
    const { port, told, until } = await running([path('/', () => respond(body))])
    const socket = await client(port, request('/', last))
    body.push('first')
    await once(socket, 'data')
    expect(told).toEqual([])
    body.push('last')
    body.push(null)
    await until(1)
    expect(told[0]!.finished.outcome).toBe('sent')
  })

  it('comes for each request of a connection', async () => {
    const { port, told, until } = await running([path('/:n', says('hello'))])
    await exchange(port, request('/1') + request('/2') + request('/3', last))
    await until(3)
    expect(told.map(({ path, finished }) => [path, finished.outcome])).toEqual([
      ['/1', 'sent'],
      ['/2', 'sent'],
      ['/3', 'sent'],
    ])
  })

  it('tells of a client that leaves in the middle of a body', async () => {
    const { port, told, until } = await running([path('/', () => respond(endless()))])
    const socket = await client(port, request('/'))
    await once(socket, 'data')
    socket.resetAndDestroy()
    await until(1)
    expect(told[0]!.finished).toMatchObject({ status: 200, outcome: 'aborted', error: null })
  })

  it('tells of a client that leaves before the view has answered: no head went out', async () => {
    let asked = (): void => {}
    const inside = new Promise<void>((resolve) => (asked = resolve))
    const { port, told, until, errors } = await running([
      path('/', async (given) => {
        const left = new Promise((resolve) => given.signal.addEventListener('abort', resolve))
        asked()
        await left
        throw given.signal.reason
      }),
    ])
    const socket = await client(port, request('/'))
    await inside
    socket.resetAndDestroy()
    await until(1)
    expect(told[0]!.finished).toMatchObject({ status: null, outcome: 'aborted' })
    expect(errors).toEqual([])
  })

  it('tells of a stream that fails in its middle', async () => {
    const error = new Error('disk')
    const { port, told, until } = await running([
      path('/', () =>
        respond(
          Readable.from(
            (async function* () {
              yield 'first'
              await new Promise((resolve) => setImmediate(resolve))
              throw error
            })(),
          ),
        ),
      ),
    ])
    const { end } = await exchange(port, request('/', last))
    await until(1)
    expect(told[0]!.finished).toMatchObject({ status: 200, outcome: 'error', error })
    expect(end).not.toBe('timeout')
  })

  it('tells of a view that takes the socket and closes it', async () => {
    const { port, told, until } = await running([
      path('/', (_request, { node }) => {
        node?.req.socket.destroy()
        return respond('nobody reads this')
      }),
    ])
    await exchange(port, request('/'))
    await until(1)
    // Node itself takes what was written to a destroyed socket for finished.
    expect(told[0]!.finished).toMatchObject({ outcome: 'aborted', error: null })
  })

  it('tells of an upgrade when its socket ends: 101', async () => {
    const ends = listener()
    const app = site({
      hooks: [ends.hook],
      routes: [
        path('/', () =>
          upgrade((_req, socket) => {
            socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
            socket.pipe(socket)
          }),
        ),
      ],
    })
    const started: Running = await serve(app, { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100 })
    open.push({ close: () => started.stop() })
    const socket = await client(started.port, request('/', 'Connection: Upgrade\r\nUpgrade: echo\r\n'))
    const [head] = await once(socket, 'data')
    expect(String(head)).toMatch(/^HTTP\/1\.1 101 /)
    socket.write('hello')
    expect(String((await once(socket, 'data'))[0])).toBe('hello')
    expect(ends.told).toEqual([])
    socket.end()
    await ends.until(1)
    expect(ends.told).toHaveLength(1)
    expect(ends.told[0]!.finished).toMatchObject({ status: 101, outcome: 'sent' })
  })
})

describe('finished hooks', () => {
  it('of which one throws: the others are called, and the error is reported', async () => {
    const heard: string[] = []
    const errors: unknown[] = []
    const at = (name: string, fail = false): SiteHooks => ({
      finished() {
        heard.push(name)
        if (fail) throw new Error(name)
      },
    })
    let done = (): void => {}
    const all = new Promise<void>((resolve) => (done = resolve))
    const app = site({
      routes: [path('/', says('hello'))],
      hooks: [{ finished: () => done() }, at('a'), at('b', true), at('c')],
    })
    const { port, close } = await listen(toNode(app, { onError: (error) => void errors.push(error) }))
    open.push({ close })
    await exchange(port, request('/', last))
    await all
    expect([heard, errors.map(messageOf)]).toEqual([['c', 'b', 'a'], ['b']])
  })

  it('that take their time are waited for by a graceful stop, and one that rejects ends no process', async () => {
    let saved = false
    const errors: unknown[] = []
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const ends = listener()
    const app = site({
      routes: [path('/', says('hello'))],
      hooks: [
        ends.hook,
        {
          async finished() {
            await held
            saved = true
            throw new Error('late')
          },
        },
      ],
    })
    const started = await serve(app, {
      port: 0,
      hostname: '127.0.0.1',
      signals: false,
      onError: (error) => void errors.push(error),
    })
    await exchange(started.port, request('/', last))
    await ends.until(1)
    const stopped = started.stop()
    expect(saved).toBe(false)
    release()
    await stopped
    expect([saved, errors.map(messageOf)]).toEqual([true, ['late']])
  })

  it('of inner layers are not called when one further out has answered', async () => {
    const heard: string[] = []
    const app = site({
      routes: [path('/', says('hello'))],
      hooks: [
        { finished: () => void heard.push('a') },
        { request: () => respond('early'), finished: () => void heard.push('b') },
        { finished: () => void heard.push('c') },
      ],
    })
    const { context } = await ask(app)
    context.finish()
    expect(heard).toEqual(['b', 'a'])
  })
})
