/**
 * A page that is sent while it is being found out, under the strictest policy there is.
 *
 *     browser ─▶ errors ─▶ securityHeaders 'strict' ─▶ compression ─▶ staticFiles ─▶ board
 *                              └─ a nonce in the policy, and in each script as it passes
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, pathOf, respond, type App, type Wrapper } from '@outerware/core'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { board, type Sources } from './board.ts'
import { recipeFile } from './folder.ts'

/** What stands around the page: it asks nothing of the app, not even where its scripts are. */
export const strictly: Wrapper = compose(
  errors(),
  securityHeaders({ preset: 'strict' }),
  compression(),
  staticFiles(recipeFile('public')),
)

/** Makes the site. */
export function boardSite(sources: Sources): App {
  return strictly((request) =>
    pathOf(request) === '/' ? board(sources) : respond('Nothing moored here\n', { status: 404 }),
  )
}
