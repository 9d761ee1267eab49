/**
 * One concern, outside and inside, and a page that shows the difference as it is found out: which answers each place
 * covers, what it knows, what it costs.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ staticFiles ─▶ site ─▶ the page
 *                                                             └─ study ─▶ fourteen servers, five frameworks, two places
 *
 * @module
 */
import { compose, errors, respond, type App } from '@outerware/core'
import { path, render, site } from '@outerware/core/inner'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import type { Effort } from './cost.ts'
import { recipeFile } from './folder.ts'
import { study, usual, type Study } from './study.ts'
import { renderPage } from './views.ts'

/** Makes the site. What it shows is found out before the first answer, and again whenever somebody asks for it. */
export function contrast(effort: Effort = usual): App {
  let found: Study
  let running: Promise<void> | undefined
  // Two who ask at once share one study: they would only disturb each other's figures.
  const findOut = (): Promise<void> =>
    (running ??= study(effort)
      .then((result) => void (found = result))
      .finally(() => (running = undefined)))

  const pages = site({
    setup: findOut,
    routes: [
      path('/', { GET: () => render('page', { ...found }) }),
      path('/again', {
        POST: async () => {
          await findOut()
          return respond(null, { status: 303, headers: { location: '/' } })
        },
      }),
    ],
    errors: { 404: () => render('missing', {}, { status: 404 }) },
    renderer: renderPage,
  })

  // No page here has a script, and none an inline style: the chart is SVG, with its lengths as attributes.
  return compose(errors(), securityHeaders({ preset: 'strict' }), staticFiles(recipeFile('public')))(pages)
}
