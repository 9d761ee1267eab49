/**
 * A span for the request, and one for each layer of the onion, as deep as it was asked.
 *
 *     GET /pilots/3                                  until the last byte is out
 *     └─ errors
 *        └─ securityHeaders
 *           └─ staticFiles                           an answer from here has no span further in
 *              └─ app
 *                 └─ look for a pilot                the app's own span
 *
 * @module
 */
import type { Tracer } from '@opentelemetry/api'
import { compose, errors, type App } from '@outerware/core'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { recipeFile } from './folder.ts'
import { pilots } from './pilots.ts'
import { layer, traced } from './traced.ts'

/** Makes the site. */
export function tracedSite(tracer: Tracer): App {
  const named = layer(tracer)
  return compose(
    traced(tracer),
    named('errors', errors({ report: () => {} })), // the spans have it
    named('securityHeaders', securityHeaders()),
    named('staticFiles', staticFiles(recipeFile('public'))),
    named('app', (app) => app),
  )(pilots(tracer))
}
