/**
 * An App for hosts that hand over a Request and nothing else.
 *
 * @module
 */
import type { App, Context } from './app.ts'
import { checkApp } from './check-app.ts'
import { checkNames, OptionError } from './option-error.ts'
import { handle } from './web/handle.ts'

/** Options of the hosts that speak Fetch themselves. */
export interface ToFetchOptions {
  /**
   * Hears of an error that no wrapper has answered, of a body that failed on its way if `onFinish` was asked for
   * (else it is the platform that reads it, and tells), and of a background task that failed.
   *
   * @default `console.error`
   */
  readonly onError?: (error: unknown, context: Context | undefined) => void
}

/**
 * Makes a plain Fetch handler of an App: for Next route handlers, SvelteKit, service workers, and tests.
 *
 * Such hosts tell no address of the peer. An exception becomes a plain 500.
 *
 * @throws {@link OptionError} `toFetch`, when called with something else than an app
 * @example
 * export const GET = toFetch(site)
 */
export function toFetch(app: App, options: ToFetchOptions = {}): (request: Request) => Promise<Response> {
  const onError = checkHost('toFetch', app, options)
  const platform = thisPlatform()
  const env = platform === 'node' || platform === 'bun' ? process.env : {}
  const host = { platform, env, ip: undefined, onError }
  return (request) => Promise.resolve(handle(app, request, host))
}

/** Checks what every host is given. */
export function checkHost(name: string, app: unknown, options: ToFetchOptions): NonNullable<ToFetchOptions['onError']> {
  checkApp(`${name}(…)`, app)
  checkNames(name, options, ['onError'])
  const { onError = (error: unknown) => console.error(error) } = options
  if (typeof onError !== 'function') throw new OptionError(`${name}.onError`, 'a function', onError)
  return onError
}

function thisPlatform(): Context['platform'] {
  if ('Bun' in globalThis) return 'bun'
  if ('Deno' in globalThis) return 'deno'
  // Node has it from 21 on.
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers' ? 'workers' : 'node'
}
