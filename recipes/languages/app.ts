/**
 * One site in three languages, each with paths of its own, and a way from every page to itself in the others.
 *
 *     /            ─▶ the language that the browser wants most
 *     /en/lights/skerry   /de/leuchttürme/skerry   /fr/phares/skerry
 *      └─ routesFor: the first segment names the language, whose routes are compiled once
 *
 * @module
 */
import { editHeaders, pathOf, respond, type App } from '@outerware/core'
import { addVary } from '@outerware/core/headers'
import { path, render, site, type SiteHooks } from '@outerware/core/inner'
import { securityHeadersHooks } from '@outerware/security-headers'
import { staticFilesHooks } from '@outerware/static'
import { recipeFile } from './folder.ts'
import { languages, type Language } from './languages.ts'
import { Missing, renderPage } from './pages.tsx'
import { preferred } from './preferred.ts'

/** Which language a path is in; `undefined` for `/` and for what is no language. */
function languageOf(request: Request): Language | undefined {
  return languages.get(pathOf(request)?.split('/')[1] ?? '')
}

/** Every page knows its language, and where it is in the others. */
const translated: SiteHooks = {
  render(lazy, request, { route, params }) {
    const own = languageOf(request)
    const language = own ?? preferred(request, languages)
    const others = [...languages.values()].map((other) => ({
      other,
      // The same name and the same parameters, by the other one's paths.
      href: route?.name === undefined ? `/${other.code}/` : other.urlFor(route.name, params),
    }))
    Object.assign(lazy.data, { language, others })
    lazy.headers.set('content-language', language.code)
    if (own === undefined) addVary(lazy.headers, 'accept-language')
  },
}

/** Makes the site. */
export const lights: App = site({
  hooks: [
    securityHeadersHooks({
      contentSecurityPolicy: {
        directives: { styleSrc: ["'self'"], scriptSrc: ["'none'"], upgradeInsecureRequests: null },
      },
    }),
    staticFilesHooks(recipeFile('public')),
    translated,
  ],
  routes: [path('/', { GET: choose })],
  routesFor(request) {
    const language = languageOf(request)
    return language && { key: language.code, routes: () => language.routes }
  },
  errors: { 404: () => render(Missing, {}, { status: 404 }) },
  renderer: renderPage,
})

/** The one page that has no language yet. */
function choose(request: Request): Response {
  const { code } = preferred(request, languages)
  return editHeaders(respond(null, { status: 302, headers: { location: `./${code}/` } }), (headers) =>
    addVary(headers, 'accept-language'),
  )
}
