/**
 * The host Cloudflare Workers: `export default toWorker(site)`.
 *
 * @module
 */
import type { App } from './app.ts'
import { checkHost, type ToFetchOptions } from './to-fetch.ts'
import { handle } from './web/handle.ts'

/** What is used of the execution context of Workers. */
export interface ExecutionContext {
  waitUntil(task: Promise<unknown>): void
}

/** The default export of a Worker in module form. */
export interface Worker {
  fetch(request: Request, env: unknown, execution: ExecutionContext): Response | Promise<Response>
}

/**
 * Makes a Worker of an App. `context.env` are the bindings, `context.ip` is `CF-Connecting-IP`, which Cloudflare
 * sets itself.
 *
 * @throws {@link OptionError} `toWorker`, when called with something else than an app
 * @example
 * export default toWorker(site)
 */
export function toWorker(app: App, options: ToFetchOptions = {}): Worker {
  const onError = checkHost('toWorker', app, options)
  return {
    fetch: (request, env, execution) =>
      handle(app, request, {
        platform: 'workers',
        env,
        ip: request.headers.get('cf-connecting-ip') ?? undefined,
        waitUntil: (task) => execution.waitUntil(task),
        onError,
      }),
  }
}
