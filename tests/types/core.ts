// Compile-time promises of the contract: this file is built, never run.
import type { Readable, Transform } from 'node:stream'
import {
  after,
  compose,
  errors,
  filterBody,
  fromHooks,
  OptionError,
  pathOf,
  peekBody,
  provide,
  replaceBody,
  respond,
  upgrade,
  wholeBody,
  type AddsOf,
  type App,
  type Context,
  type Hooks,
  type NeedsOf,
  type WholeBody,
  type Wrapper,
} from '@outerware/core'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => {}

interface Session {
  get(key: string): unknown
}
interface Identity {
  readonly sub: string
}
declare const session: Wrapper<{ session: Session }>
declare const login: Wrapper<{ identity: Identity }, { session: Session }>
declare const nonce: Wrapper<{ nonce: string }>
declare const gzip: Wrapper

const app: App<{ identity: Identity; nonce: string }> = (_request, context) =>
  new Response(context.identity.sub + context.nonce)

// What an app needs, wrappers add.
export const nested: App = gzip(session(login(nonce(app))))
export const composed: App = compose(session, login, nonce)(app)
export const inlineNested: App = session(
  login((_request, context) => new Response(context.identity.sub + typeof context.session)),
)
export const inlineComposed: App = compose(
  gzip,
  session,
  login,
  nonce,
)((_request, context) => new Response(context.identity.sub + context.nonce))
export const composedOfComposed: App = compose(session, compose(login, compose(nonce, gzip)))(app)
export const needsMetFurtherOut: App = session(compose(login, nonce)(app))
export const needsLeftOpen: App<{ session: Session }> = compose(login, nonce)(app)
export const nothing: App = compose()(nested)

// @ts-expect-error nothing adds the identity
export const identityMissing: App = nonce(app)
// @ts-expect-error login needs a session further out
export const sessionMissing: App = login(nonce(app))
// @ts-expect-error login needs a session further out
export const sessionMissingComposed: App = compose(login, nonce)(app)
// @ts-expect-error login stands outside the session that it needs
export const wrongOrder: App = compose(login, session, nonce)(app)
// @ts-expect-error the same, one by one
export const wrongOrderNested: App = login(session(nonce(app)))
declare const numbered: App<{ nonce: number }>
// @ts-expect-error the nonce is a string
export const clash: App = nonce(numbered)
// @ts-expect-error an app that needs something is no app that needs nothing
export const needy: App = app
// @ts-expect-error nothing adds such a key
export const unknownKey: App = session((_request, context) => new Response(context.identity))

// A whole site: nine wrappers, as they are recommended.
declare const ip: Wrapper<{ client: string }>
declare const roles: Wrapper<{ roles: string[] }, { identity: Identity; client: string }>
const nine = compose(errors(), ip, gzip, gzip, nonce, gzip, session, login, roles)
export const site: App = nine((_request, context) => {
  holds<Equals<typeof context.nonce, string>>()
  holds<Equals<typeof context.roles, string[]>>()
  holds<Equals<typeof context.identity, Identity>>()
  holds<Equals<typeof context.client, string>>()
  holds<Equals<typeof context.ip, string | undefined>>()
  return new Response()
})
holds<Equals<keyof AddsOf<typeof nine>, 'client' | 'nonce' | 'session' | 'identity' | 'roles'>>()
holds<Equals<keyof NeedsOf<typeof nine>, never>>()
// @ts-expect-error of nine, the roles stand outside the login that they need
export const wrongOrderOfNine: App = compose(errors(), ip, gzip, gzip, nonce, roles, gzip, session, login)(app)

const both = compose(session, login)
holds<Equals<AddsOf<typeof both>['identity'], Identity>>()
holds<Equals<keyof NeedsOf<typeof both>, never>>()
const inner = compose(login, nonce)
holds<Equals<NeedsOf<typeof inner>['session'], Session>>()
holds<Equals<keyof AddsOf<Wrapper>, never>>()
holds<Equals<AddsOf<typeof login>, { identity: Identity }>>()
holds<Equals<NeedsOf<typeof login>, { session: Session }>>()

// Any Fetch handler is an app, and an app that needs nothing serves where one that needs something is wanted.
declare const fetchHandler: (request: Request) => Response | Promise<Response>
export const overFetch: App = gzip(fetchHandler)
export const asyncApp: App = gzip(async (request) => new Response(await request.text()))
export const needsLess: App<{ nonce: string }> = fetchHandler
// @ts-expect-error an app gives a Response
export const givesText: App = () => 'hello'
// @ts-expect-error an app gives a Response, and forgot to return it
export const givesNothing: App = () => {}
// @ts-expect-error a factory in the place of what it makes
export const uncalled = compose(errors, gzip)
// @ts-expect-error an app is no wrapper
export const appAsWrapper = compose(fetchHandler)

// A wrapper that adds nothing is written by hand without a cast, one that adds with `provide`.
export const through: Wrapper = (inside) => (request, context) => inside(request, context)
export const timed: Wrapper = (inside) => (request, context) =>
  after(inside(request, context), (response) => replaceBody(response, 'late'))
export const adding: Wrapper<{ nonce: string }> = (inside) => (request, context) =>
  inside(request, provide(context, { nonce: 'n' }))

// Hooks: the request half may add, the response half has what it added, and both have what they need.
const hooks: Hooks<{ nonce: string }, { session: Session }> = {
  request(_request, context) {
    holds<Equals<typeof context.nonce, string | undefined>>()
    holds<Equals<typeof context.session, Session>>()
    context.nonce = 'n'
    return undefined
  },
  response(response, request, context) {
    holds<Equals<typeof response, Response>>()
    holds<Equals<typeof request, Request>>()
    holds<Equals<typeof context.nonce, string>>()
    holds<Equals<typeof context.session, Session>>()
    return new Response(response.body, { statusText: context.nonce })
  },
}
export const hooked: Wrapper<{ nonce: string }, { session: Session }> = fromHooks(hooks)
export const inferred: Wrapper = fromHooks({ response: (response) => response })
export const answering: Wrapper = fromHooks({ request: async (request) => new Response(request.url) })
export const hookedSite: App = session(fromHooks(hooks)((_request, context) => new Response(context.nonce)))
// @ts-expect-error the hooks need a session further out
export const hookedAlone: App = fromHooks(hooks)(fetchHandler)
// @ts-expect-error a request half gives a Response, or undefined
export const wrongRequestHook: Hooks = { request: () => true }
// @ts-expect-error a response half gives a Response
export const wrongResponseHook: Hooks = { response: () => undefined }

// The context: one object, whose own keys the host decides.
declare const context: Context
context.ip = '192.0.2.1'
context.waitUntil(Promise.resolve())
context.onFinish(({ status, outcome }) => {
  holds<Equals<typeof status, number | null>>()
  holds<Equals<typeof outcome, 'sent' | 'aborted' | 'error'>>()
})
// @ts-expect-error the platform is what it is
context.platform = 'node'
// @ts-expect-error so is the environment
context.env = {}
// @ts-expect-error a task is a promise
context.waitUntil(() => {})

// Bodies, and what may be asked.
declare const response: Response
declare const request: Request
declare const readable: Readable
declare const transform: Transform
holds<Equals<ReturnType<typeof wholeBody>, WholeBody | undefined>>()
holds<Equals<WholeBody, string | Uint8Array | null>>()
holds<Equals<ReturnType<typeof pathOf>, string | undefined>>()
holds<Equals<ReturnType<typeof peekBody>, Promise<Uint8Array | undefined>>>()
for (const body of ['text', new Uint8Array(), readable, response.body, null]) respond(body)
filterBody(response, () => transform)
filterBody(response, () => new TransformStream<Uint8Array, Uint8Array>())
upgrade((req, socket, head) => void [req.url, socket.destroyed, head.byteLength], { headers: { a: 'b' } })
respond('a', { headers: new Headers() })
respond('a', { headers: [['a', 'b']] })
// @ts-expect-error no body of an object
respond({ a: 1 })
// @ts-expect-error a status is a number
respond('a', { status: '404' })
// @ts-expect-error a value that is missing
respond('a', { headers: { a: undefined } })
// @ts-expect-error a filter takes bytes and gives bytes
filterBody(response, () => new TransformStream<string, string>())

// Sync stays sync in the types, too.
holds<Equals<ReturnType<typeof after<Response, string>>, string | Promise<string>>>()
export const lengthOf: number | Promise<number> = after(asyncApp(request, context), ({ status }) => status)
// @ts-expect-error what is at hand or promised is an object
after('text', (text) => text)

holds<Equals<OptionError['code'], 'ERR_OPTION'>>()
holds<Equals<OptionError['name'], 'OptionError'>>()
holds<Equals<OptionError['option'], string>>()
