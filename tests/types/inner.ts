// Compile-time promises of the inside: this file is built, never run.
import { compose, type App, type Hooks, type Wrapper } from '@outerware/core'
import {
  include,
  path,
  render,
  site,
  urls,
  type Answer,
  type Lazy,
  type Matched,
  type Renderer,
  type SiteHooks,
  type View,
} from '@outerware/core/inner'
import { allowedHostsHooks } from '@outerware/allowed-hosts'
import { compressionHooks } from '@outerware/compression'
import { crossOriginProtectionHooks } from '@outerware/cross-origin-protection'
import { httpsRedirectHooks } from '@outerware/https-redirect'
import { securityHeadersHooks } from '@outerware/security-headers'
import { staticFilesHooks } from '@outerware/static'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => {}

declare const answer: Response
const plain: View = () => answer

// Parameters are typed from the pattern.
path('/', (_request, { params }) => {
  // @ts-expect-error there is none
  void params.slug
  return answer
})
path('/articles/:year/:slug', (_request, { params, route }) => {
  holds<Equals<typeof params, { year: string; slug: string }>>()
  holds<Equals<typeof route.pattern, string>>()
  holds<Equals<typeof route.name, string | undefined>>()
  // @ts-expect-error there is no such parameter
  void params.month
  return answer
})
path('/:lang?', (_request, { params }) => {
  holds<Equals<typeof params, { lang: string | undefined }>>()
  return answer
})
path('/files/**:rest', (_request, { params }) => {
  holds<Equals<typeof params, { rest: string }>>()
  return answer
})
path('/things/:id(\\d+)', {
  GET: (_request, { params }) => new Response(params.id),
  POST: async () => render('made'),
})

// What a view may be, and may give.
export const app: App = () => answer
path('/', app)
path('/', async () => answer)
path('/', () => render('home', { a: 1 }, { status: 201, headers: { a: 'b' } }))
// @ts-expect-error nothing is given
path('/', () => {})
// @ts-expect-error text is no Response
path('/', () => 'hello')
// @ts-expect-error methods are written in capitals
path('/', { get: plain })
// @ts-expect-error a promise of nothing
path('/', async () => {})
// @ts-expect-error a status is a number
render('home', {}, { status: '201' })

// Reverse URLs are typed from the routes, through groups.
const routes = [
  path('/', plain, { name: 'home' }),
  path('/articles/:year/:slug', plain, { name: 'article' }),
  path('/:lang?/x', plain, { name: 'maybe' }),
  path('/nameless/:x', plain),
  include('/admin/:area', [
    path('/', plain, { name: 'area' }),
    include('/users', [path('/:id', plain, { name: 'user' })]),
  ]),
] as const
const urlFor = urls(routes)
holds<Equals<ReturnType<typeof urlFor>, string>>()
urlFor('home')
urlFor('maybe')
urlFor('maybe', { lang: 'de' })
urlFor('article', { year: 2026, slug: 'a' })
urlFor('area', { area: 'a' })
urlFor('user', { area: 'a', id: 7 })
// @ts-expect-error no route has this name
urlFor('artikel')
// @ts-expect-error the parameters are missing
urlFor('article')
// @ts-expect-error a parameter is missing
urlFor('article', { year: 2026 })
// @ts-expect-error there is no such parameter
urlFor('article', { year: 2026, slug: 'a', month: 1 })
// @ts-expect-error the parameter of the group is missing
urlFor('user', { id: 7 })
// @ts-expect-error a value is text or a number
urlFor('article', { year: 2026, slug: true })

// A site is an App; what its views need, wrappers outside add.
interface Auth {
  auth: { sub: string }
}
declare const login: Wrapper<Auth>
const me: View<{}, Auth> = (_request, context) => new Response(context.auth.sub)
export const open: App = site({ routes })
export const needy: App<Auth> = site({ routes: [path('/', plain), path('/me', me)] })
export const met: App = login(needy)
export const metComposed: App = compose(login)(site({ routes: [include('/deep', [path('/me', me)])] }))
// @ts-expect-error nobody adds auth
export const unmet: App = site({ routes: [path('/', plain), path('/me', me)] })
// @ts-expect-error nor through a group
export const unmetDeep: App = site({ routes: [include('/deep', [path('/me', me)])] })

// Hooks of a site add, too: for the views, and for the hooks further in.
const loginHooks: Hooks<Auth> = {
  request(_request, context) {
    context.auth = { sub: 'ada' }
    return undefined
  },
}
const roleHooks: SiteHooks<{ roles: string[] }, Auth> = {
  request(_request, context) {
    holds<Equals<typeof context.auth, Auth['auth']>>()
    holds<Equals<typeof context.roles, string[] | undefined>>()
    context.roles = [context.auth.sub]
    return undefined
  },
}
const board: View<{}, Auth & { roles: string[] }> = (_request, context) => new Response(context.roles.join())
export const added: App = site({ hooks: [loginHooks], routes: [path('/me', me)] })
export const addedTwice: App = site({ hooks: [loginHooks, roleHooks], routes: [path('/', board), path('/me', me)] })
export const addedInside: App<Auth> = site({ hooks: [roleHooks], routes: [path('/', board)] })
export const nonce: App = site({
  hooks: [securityHeadersHooks({ nonce: true }), loginHooks],
  routes: [path('/', ((_request, context) => new Response(context.nonce)) satisfies View<{}, { nonce: string }>)],
})
// @ts-expect-error the roles need a login further out
export const wrongOrder: App = site({ hooks: [roleHooks, loginHooks], routes: [path('/', board)] })
// @ts-expect-error nobody adds the roles
export const roleless: App = site({ hooks: [loginHooks], routes: [path('/', board)] })

// Every wrapper's hooks fit beside a site's own.
export const everything: App = site({
  routes,
  hooks: [
    allowedHostsHooks(['site.test']),
    httpsRedirectHooks(),
    securityHeadersHooks(),
    compressionHooks(),
    staticFilesHooks('public'),
    crossOriginProtectionHooks(),
    {
      request: () => undefined,
      view(view, request, context) {
        holds<Equals<typeof view, View>>()
        holds<Equals<typeof request, Request>>()
        holds<Equals<typeof context.params, Matched['params']>>()
      },
      render(lazy, _request, context) {
        holds<Equals<typeof lazy, Lazy>>()
        holds<Equals<typeof context.params, Matched['params'] | undefined>>()
        lazy.template = 'other'
        lazy.data['year'] = 2026
        // @ts-expect-error the fields are changed in place
        lazy.headers = new Headers()
      },
      exception: (error) => new Response(String(error)),
      response: (response) => response,
      async finished({ outcome, status }) {
        holds<Equals<typeof outcome, 'sent' | 'aborted' | 'error'>>()
        holds<Equals<typeof status, number | null>>()
      },
    },
  ],
})
// @ts-expect-error a wrapper stands outside
export const wrapperInside: App = site({ routes, hooks: [login] })
// @ts-expect-error a response hook gives a Response
export const hookOfNothing: SiteHooks = { response: () => undefined }
// @ts-expect-error a site has routes
export const listless: App = site({ routes: plain })

// The rest of the options.
const renderer: Renderer = (template, data) => `${String(template)} ${JSON.stringify(data)}`
export const whole: App = site({
  routes,
  renderer,
  setup: async () => 1,
  routesFor: (request) => (request.method === 'GET' ? undefined : { key: 'a', routes: () => routes }),
  errors: { 404: () => render('nothing'), 500: (_request, _context, error) => new Response(String(error)) },
  report: async (error) => void error,
  trailingSlash: 'strict',
})
export const promised: App = site({ routesFor: async () => routes })
// @ts-expect-error the slash is redirected, or strict
export const slashed: App = site({ routes, trailingSlash: 'both' })
// @ts-expect-error a renderer gives text
export const unrendered: App = site({ routes, renderer: () => {} })
// @ts-expect-error a page is a Response, or rendered late
export const pageless: App = site({ routes, errors: { 404: () => {} } })
holds<Equals<Answer, Response | Lazy>>()
