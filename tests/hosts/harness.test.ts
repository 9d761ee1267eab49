/**
 * The harness itself: two runs of the same app agree, and a bridge that loses something is caught.
 */
import { afterAll, describe, expect, it } from '@jest/globals'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { observeAll, runOne, type Transform } from './harness/compare.ts'
import type { Kind } from './harness/kind.ts'
import { muteConsole } from './harness/quiet.ts'
import { viewOf, type View } from './harness/view.ts'
import { themes, type Theme } from './kinds/index.ts'

muteConsole()

const closely = { wire: 'bytes', record: 'all' } as const
const asItIs: Transform = (host) => host

describe('the same app twice', () => {
  const left = observeAll(asItIs)
  const right = observeAll(asItIs)
  afterAll(async () => void (await Promise.allSettled([...left.values(), ...right.values()])))

  describe.each(themes)('$name', ({ kinds }) => {
    for (const kind of kinds) {
      it(
        kind.name,
        async () => {
          const one = viewOf((await left.get(kind))!, kind, closely)
          expect(one.trouble).toBeUndefined()
          expect(viewOf((await right.get(kind))!, kind, closely)).toEqual(one)
        },
        60_000,
      )
    }
  })
})

describe('a bridge that loses something', () => {
  it.each(faults())(
    'is caught: %s',
    async (_, name, spoil) => {
      const [theme, kind] = kindOf(name)
      const good = await look(theme, kind, asItIs)
      expect(
        await look(
          theme,
          kind,
          spoilt(() => {}),
        ),
      ).toEqual(good)
      expect(await look(theme, kind, spoilt(spoil))).not.toEqual(good)
    },
    60_000,
  )
})

type Spoil = (req: IncomingMessage, res: ServerResponse) => void

/** What is lost, the kind in which it shows, and how to lose it. */
function faults(): [fault: string, kind: string, spoil: Spoil][] {
  return [
    [
      'the case of field names',
      'GET /plain/order',
      (_, res) => change(res, 'setHeader', (set, n, v) => set(lower(n), v)),
    ],
    ['the order of fields', 'GET /plain/object-over-set', (_, res) => void res.setHeader('X-B', '')],
    ['one of two equal fields', 'GET /plain/many', (_, res) => change(res, 'appendHeader', (_append) => res)],
    ['the reason phrase', 'GET /plain/reason', (_, res) => fix(res, 'statusMessage', 'OK')],
    ['the status', 'GET /status/201', (_, res) => fix(res, 'statusCode', 200)],
    ['Date', 'GET /string', (_, res) => fix(res, 'sendDate', false)],
    ['the bounds of chunks', 'GET /generator', (_, res) => change(res, 'write', (write, c) => c === 'one ' || write(c === 'two ' ? 'one two ' : c))], // prettier-ignore
    ['a byte of three million', 'GET /large', (_, res) => change(res, 'end', (end, c) => end(flipped(c)))],
    ['trailers', 'GET /plain/trailers', (_, res) => change(res, 'addTrailers', () => {})],
    ['a 103', 'GET /early-hints', (_, res) => change(res, 'writeEarlyHints', () => {})],
    ['the connection', 'GET /string', (_, res) => fix(res, 'shouldKeepAlive', false)],
    ['the end of the body', 'GET /plain/chunks', (_, res) => change(res, 'end', () => res.destroy())],
    ['a flush', 'GET /plain/flush, step by step', (_, res) => change(res, 'flushHeaders', () => {})],
    ['a callback', 'GET /plain/callbacks', (_, res) => change(res, 'write', (write, c) => write(c))],
    ['what write returns', 'GET /plain/callbacks', (_, res) => change(res, 'write', (write, ...all) => !write(...all))],
    ['an error in the app', 'GET /double', (_, res) => change(res, 'setHeader', (set, ...all) => (res.headersSent ? res : set(...all)))], // prettier-ignore
    ['headersSent', 'GET /plain/states', (_, res) => fix(res, 'headersSent', false)],
    ['finish', 'GET /string', (_, res) => change(res, 'emit', (emit, ...all) => all[0] !== 'finish' && emit(...all))],
    ['close', 'the client leaves before the head', (_, res) => change(res, 'emit', (emit, ...all) => all[0] !== 'close' && emit(...all))], // prettier-ignore
    ['aborted', 'the client leaves before the head', (req) => change(req, 'emit', (emit, ...all) => all[0] !== 'aborted' && emit(...all))], // prettier-ignore
    [
      'the target as it was sent',
      'GET /a/./b/../c',
      (req) => void (req.url = new URL(req.url ?? '', 'http://h').pathname),
    ],
    ['raw fields', 'fields twice, in their case and order', (req) => void (req.rawHeaders = req.rawHeaders.map(lower))],
    ['a 100', 'Expect: 100-continue, answered by the app', (_, res) => change(res, 'writeContinue', () => {})],
    ['the socket', 'GET /plain/identity', (req, res) => fix(res, 'req', Object.create(req))],
  ]
}

function kindOf(name: string): [Theme, Kind] {
  for (const theme of themes) for (const kind of theme.kinds) if (kind.name === name) return [theme, kind]
  throw new Error(`there is no kind ${name}`)
}

async function look(theme: Theme, kind: Kind, transform: Transform): Promise<View> {
  return viewOf(await runOne(theme, kind, transform), kind, closely)
}

function spoilt(spoil: Spoil): Transform {
  return (host) => ({
    ...host,
    listener: (req, res) => {
      if (req.url !== '/ready') spoil(req, res)
      host.listener(req, res)
    },
  })
}

type Method = (...args: unknown[]) => unknown

/** Puts another method in the place of one, which is given the old one. */
function change(target: object, name: string, other: (method: Method, ...args: unknown[]) => unknown): void {
  const method = (...args: unknown[]): unknown =>
    Reflect.apply(Reflect.get(Object.getPrototypeOf(target), name), target, args)
  Object.defineProperty(target, name, { configurable: true, value: (...args: unknown[]) => other(method, ...args) })
}

/** Makes a property say one thing for ever. */
function fix(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { configurable: true, get: () => value, set() {} })
}

function lower(text: unknown): string {
  return String(text).toLowerCase()
}

function flipped(body: unknown): Buffer {
  const copy = Buffer.from(body instanceof Uint8Array ? body : [])
  copy[1_234_567] = 0
  return copy
}
