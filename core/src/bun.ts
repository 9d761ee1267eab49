/**
 * The host Bun: `Bun.serve({ fetch: toBun(site) })`.
 *
 * @module
 */
import type { App } from './app.ts'
import { checkHost, type ToFetchOptions } from './to-fetch.ts'
import { handle } from './web/handle.ts'

/** What is used of Bun's server. */
export interface BunServer {
  requestIP(request: Request): { readonly address: string } | null
}

/**
 * Makes the `fetch` of `Bun.serve()` of an App.
 *
 * @throws {@link OptionError} `toBun`, when called with something else than an app
 * @example
 * Bun.serve({ port: 3000, fetch: toBun(site) })
 */
export function toBun(
  app: App,
  options: ToFetchOptions = {},
): (request: Request, server: BunServer) => Response | Promise<Response> {
  const onError = checkHost('toBun', app, options)
  return (request, server) =>
    handle(app, request, {
      platform: 'bun',
      env: process.env,
      ip: server.requestIP(request)?.address,
      onError,
    })
}
