import { expect } from '@jest/globals'
import { provide, respond, toFetch, type App } from '@outerware/core'
import { toBun } from '@outerware/core/bun'
import { toDeno } from '@outerware/core/deno'
import { toWorker } from '@outerware/core/workers'
import { testContext } from '../support/index.ts'
import { lawsOfBodies } from './bodies.ts'
import { lawsOfPassing } from './passing.ts'
import { lawsOfSharing } from './sharing.ts'
import { asking, contextFor, send, type Ask, type Law, type Subject } from './subject.ts'

type OnError = (error: unknown) => void
type Host = (app: App, onError: OnError) => (request: Request) => Response | Promise<Response>

const ip = '127.0.0.1'

/** Each is called as its platform calls it, with the platform's own Request; two of them are asked for the end, too. */
const hosts: readonly [name: string, host: Host][] = [
  ['toFetch()', (app, onError) => toFetch(app, { onError })],
  ['toBun()', (app, onError) => (request) => toBun(app, { onError })(request, { requestIP: () => ({ address: ip }) })],
  [
    'toDeno()',
    (app, onError) => (request) => toDeno(ending(app), { onError })(request, { remoteAddr: { hostname: ip } }),
  ],
  [
    'toWorker()',
    (app, onError) => (request) => toWorker(ending(app), { onError }).fetch(request, {}, { waitUntil() {} }),
  ],
]

/** The body of an answer whose end somebody waits for is watched. */
function ending(app: App): App {
  return (request, context) => {
    context.onFinish(() => {})
    return app(request, context)
  }
}

const hosted = [...lawsOfPassing, ...lawsOfBodies, ...lawsOfSharing].filter((law) => law.hosted)

const lawsOfHosts: readonly Law[] = [
  ...hosted,
  {
    says: 'an exception of the app is a plain 500, and the host hears of the very same object (9)',
    concerns: ({ catches }) => catches !== true,
    async check(subject) {
      for (const reason of [new Error('law'), { any: 'thing' }]) {
        const throwing: App = () => {
          throw reason
        }
        for (const app of [throwing, (): Promise<Response> => Promise.reject(reason)]) {
          for (const make of asking(subject)) {
            heard.length = 0
            const { status } = await send(subject, app, make())
            expect([status, heard]).toEqual([500, [reason]])
            expect(heard[0]).toBe(reason)
          }
        }
      }
    },
  },
  {
    says: 'the app hears from the context where it is, and the platform has a Response of its own (1)',
    async check(subject) {
      for (const make of asking(subject)) {
        const seen: unknown[] = []
        const app: App = (_, { platform, node }) => {
          seen.push(platform, node)
          return respond('a', { headers: { 'content-type': 'text/x-law' } })
        }
        const out = await send(subject, app, make())
        expect(seen).toEqual([expect.stringMatching(/^(node|bun|deno|workers)$/), undefined])
        expect(await out.clone().blob()).toBeInstanceOf(Blob)
      }
    },
  },
]

/** What the host has been told of, in the law that runs. */
const heard: unknown[] = []

/** The laws that speak of what comes out, and those of the hosts themselves, through each host. */
export const lawsOverWeb: readonly Law[] = hosts.flatMap(([name, host]) =>
  lawsOfHosts.map((law) => over(name, host, law)),
)

function over(name: string, host: Host, law: Law): Law {
  const check = (subject: Subject): Promise<void> => law.check({ ...subject, ask: through(host, subject) })
  return { ...law, says: `through ${name}: ${law.says}`, check }
}

function through(host: Host, subject: Subject): Ask {
  return (app, request) => host(given(subject, app), (error) => void heard.push(error))(request)
}

/** With what other wrappers have put on the context; what a host says there is the host's. */
function given(subject: Subject, app: App<any>): App {
  if (subject.options.context === undefined) return app
  const added = Object.entries(contextFor(subject)).filter(([name]) => !(name in plain))
  return (request, context) => app(request, provide(context, Object.fromEntries(added)))
}

const plain = testContext()
