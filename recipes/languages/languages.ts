/**
 * The languages: their words, and their routes.
 *
 * @module
 */
import { include, path, render, urls, type Answer, type Routes } from '@outerware/core/inner'
import { Home, Missing, OneLight } from './pages.tsx'
import { words, type Words } from './words.ts'

/** A language of the site. */
export interface Language extends Words {
  readonly routes: Routes
  /** The path of a page in this language. */
  urlFor(name: string, params?: Readonly<Record<string, string | undefined>>): string
}

/** By their code; the first is for those who want none of them. */
export const languages: ReadonlyMap<string, Language> = new Map(
  words.map((own) => {
    const routes = routesOf(own)
    return [own.code, { ...own, routes, urlFor: urls<Routes>(routes) }]
  }),
)

/** The same names in every language, and paths in its own words. */
function routesOf({ code, lightsPath, lights }: Words): Routes {
  const one = (_request: Request, { params }: { readonly params: { readonly slug: string } }): Answer => {
    const found = lights.find(({ slug }) => slug === params.slug)
    return found === undefined ? render(Missing, {}, { status: 404 }) : render(OneLight, { light: found })
  }
  return [
    include(`/${code}`, [
      path('/', () => render(Home), { name: 'home' }),
      path(`/${lightsPath}/:slug`, one, { name: 'light' }),
    ]),
  ]
}
