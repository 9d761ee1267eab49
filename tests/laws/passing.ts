import { expect } from '@jest/globals'
import { respond, upgrade, type App } from '@outerware/core'
import { splitList } from '@outerware/core/headers'
import { promisesMade } from '../support/index.ts'
import { asking, contextFor, passing, send, type Law, type LawsOptions, type Subject } from './subject.ts'

/** Responses as apps give them; the first two may be changed in place. */
const responses: [string, () => Response][] = [
  ['light', () => respond('hello', { status: 201, statusText: 'Made', headers: fields })],
  ['native', () => new Response('hello', { status: 201, statusText: 'Made', headers: fields })],
  ['without a body', () => respond(null, { status: 204 })],
  ['not found', () => respond('no', { status: 404 })],
  ['not modified', () => new Response(null, { status: 304, headers: { etag: '"a"' } })],
  ['failed', () => respond('no', { status: 500, headers: { 'cache-control': 'no-store' } })],
  ['immutable', () => Response.redirect('http://site.test/there', 303)],
]

const fields: [string, string][] = [
  ['content-type', 'text/x-law'],
  ['set-cookie', 'a=1; Path=/'],
  ['set-cookie', 'b=2; Path=/'],
  ['cache-control', 'private, max-age=7'],
  ['etag', '"law"'],
  ['vary', 'x-law'],
  ['x-law', 'seven'],
]

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND']

/** The head, without what the wrapper adds to every response. */
function headOf({ status, statusText, headers }: Response, { adds = [], varies = [] }: LawsOptions): unknown {
  const said = [...headers].filter(([name]) => !adds.includes(name) && name !== 'vary')
  const vary = splitList(headers.get('vary') ?? '').filter((name) => !varies.includes(name))
  return { status, statusText, headers: said, vary }
}

export const lawsOfPassing: Law[] = [
  {
    says: 'the context is one object, passed inward by identity, and what the host says in it stays (1)',
    async check(subject) {
      for (const make of asking(subject)) {
        const context = contextFor(subject)
        const { platform, env, waitUntil, onFinish } = context
        let seen: unknown
        const app: App = (_, given) => {
          seen = given
          return respond('a')
        }
        await subject.make()(app)(make(), context)
        expect(seen).toBe(context)
        expect(context).toMatchObject({ platform, env, waitUntil, onFinish })
      }
    },
  },
  {
    says: 'nothing to do, and the same response object goes out, as the app made it (2)',
    async check(subject) {
      const { adds = [], varies = [] } = subject.options
      const edits = adds.length > 0 || varies.length > 0
      for (const [kind, make] of responses) {
        const response = make()
        const out = await send(subject, () => response, passing(subject)())
        if (!edits || kind !== 'immutable') expect(out).toBe(response)
        expect(headOf(out, subject.options)).toEqual(headOf(make(), {}))
        expect(await out.text()).toBe(await make().text())
      }
    },
  },
  {
    hosted: true,
    says: 'an immutable response comes out with its status and fields (2)',
    async check(subject) {
      for (const make of asking(subject)) {
        const out = await send(subject, () => Response.redirect('http://site.test/there', 303), make())
        expect([out.status, out.headers.get('location'), out.body]).toEqual([303, 'http://site.test/there', null])
      }
    },
  },
  {
    says: 'a sync app stays sync: no promise is made (4)',
    concerns: ({ waits }) => waits !== true,
    async check(subject) {
      const response = respond('a')
      const app = subject.make()(() => response)
      const [request, context] = [passing(subject)(), contextFor(subject)]
      let out: unknown
      expect(promisesMade(() => (out = app(request, context)))).toBe(0)
      expect(out).toBe(response)
    },
  },
  {
    says: 'the request is passed as it is, whatever its method (5)',
    async check(subject) {
      for (const method of methods) {
        const request = passing(subject)('/', { method })
        const seen: Request[] = []
        await send(subject, (given) => (seen.push(given), respond()), request)
        expect(seen).toEqual([request])
        expect(seen[0]).toBe(request)
      }
    },
  },
  {
    hosted: true,
    says: "the request's body is left for the app (5)",
    async check(subject) {
      for (const make of asking(subject)) {
        let read: unknown
        const app: App = async (request) => {
          read = await request.text()
          return respond()
        }
        await send(subject, app, make('/', { method: 'POST', body: 'hello' }))
        expect(read).toBe('hello')
      }
    },
  },
  {
    hosted: true,
    says: 'what the app said wins: a field that it set is not overwritten (6)',
    async check(subject) {
      const said = { 'x-law': 'seven', 'cache-control': 'private, no-transform', ...subject.options.respects }
      for (const make of asking(subject)) {
        for (const response of [respond('a', { headers: said }), new Response('a', { headers: said })]) {
          const out = await send(subject, () => response, make())
          expect(Object.fromEntries(out.headers)).toMatchObject(said)
        }
      }
    },
  },
  {
    says: 'a 101 of upgrade() passes as the same object, with no body and its fields (7)',
    async check(subject) {
      for (const make of asking(subject)) {
        const response = upgrade(() => {}, { headers: { 'set-cookie': 'a=1' } })
        const request = make('/', { headers: { connection: 'Upgrade', upgrade: 'websocket' } })
        expect(await send(subject, () => response, request)).toBe(response)
        expect([response.status, response.body, response.headers.getSetCookie()]).toEqual([101, null, ['a=1']])
      }
    },
  },
  {
    says: 'an exception of the app comes out, the very same object, thrown or rejected (9)',
    concerns: ({ catches }) => catches !== true,
    async check(subject) {
      for (const reason of [new Error('law'), new DOMException('law', 'AbortError'), { any: 'thing' }, undefined]) {
        const throwing: App = () => {
          throw reason
        }
        for (const make of asking(subject)) {
          expect(await thrownBy(subject, throwing, make())).toEqual({ reason })
          const outcome = await thrownBy(subject, () => Promise.reject(reason), make())
          expect(outcome).toEqual({ reason })
          expect(outcome?.reason).toBe(reason)
        }
      }
    },
  },
]

async function thrownBy(subject: Subject, app: App, request: Request): Promise<{ reason: unknown } | undefined> {
  try {
    await send(subject, app, request)
  } catch (reason) {
    return { reason }
  }
  return undefined
}
