// Compile-time promises of the contract: this file is built, never run.
import { compose, fromHooks, provide, type AddsOf, type App, type NeedsOf, type Wrapper } from '@outerware/core'

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

// @ts-expect-error nothing adds the identity
export const identityMissing: App = nonce(app)
// @ts-expect-error login needs a session further out
export const sessionMissing: App = login(nonce(app))
// @ts-expect-error login stands outside the session that it needs
export const wrongOrder: App = compose(login, session, nonce)(app)
declare const numbered: App<{ nonce: number }>
// @ts-expect-error the nonce is a string
export const clash: App = nonce(numbered)

// Any Fetch handler is an app.
declare const fetchHandler: (request: Request) => Response | Promise<Response>
export const overFetch: App = gzip(fetchHandler)
export const asyncApp: App = gzip(async (request) => new Response(await request.text()))

// A wrapper that adds nothing is written by hand without a cast, one that adds with `provide`.
export const through: Wrapper = (inner) => (request, context) => inner(request, context)
export const adding: Wrapper<{ nonce: string }> = (inner) => (request, context) =>
  inner(request, provide(context, { nonce: 'n' }))
export const hooked: Wrapper<{ nonce: string }> = fromHooks<{ nonce: string }>({
  request(_request, context) {
    context.nonce = 'n'
    return undefined
  },
  response: (response, _request, context) => new Response(response.body, { statusText: context.nonce }),
})

const both = compose(session, login)
holds<Equals<AddsOf<typeof both>['identity'], Identity>>()
holds<Equals<keyof NeedsOf<typeof both>, never>>()
const inner = compose(login, nonce)
holds<Equals<NeedsOf<typeof inner>['session'], Session>>()
