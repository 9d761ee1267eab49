/**
 * The host Deno: `Deno.serve(toDeno(site))`.
 *
 * @module
 */
import type { App } from './app.ts'
import { checkHost, type ToFetchOptions } from './to-fetch.ts'
import { handle } from './web/handle.ts'

/** What is used of Deno's information on a request. */
export interface DenoInfo {
  readonly remoteAddr: { readonly hostname?: string }
}

/**
 * Makes the handler of `Deno.serve()` of an App.
 *
 * @throws {@link OptionError} `toDeno`, when called with something else than an app
 * @example
 * Deno.serve(toDeno(site))
 */
export function toDeno(
  app: App,
  options: ToFetchOptions = {},
): (request: Request, info: DenoInfo) => Response | Promise<Response> {
  const onError = checkHost('toDeno', app, options)
  // A getter, since Deno asks for a permission when the environment is read.
  const env = lazyEnv()
  return (request, info) => handle(app, request, { platform: 'deno', env, ip: info.remoteAddr.hostname, onError })
}

function lazyEnv(): unknown {
  const { Deno } = Object(globalThis)
  return new Proxy({}, { get: (_target, name) => (typeof name === 'string' ? Deno?.env.get(name) : undefined) })
}
