/**
 * Security headers on every response of a site, by helmet's names and with helmet's values.
 *
 *     request  ─────(nonce)────────────▶ app
 *     response ◀── + a dozen headers ─── app      what the app set stays; X-Powered-By goes
 *     error    ◀── + the same, kept ──── throw    for the answer that is made of it further out
 *
 * @module
 */
import {
  after,
  beforeCoding,
  checkApp,
  editBeforeCoding,
  editRequestHeaders,
  isPromise,
  keepForError,
  OptionError,
  placed,
  type App,
  type Context,
  type Hooks,
  type Place,
  type Wrapper,
} from '@outerware/core'
import { checkOptions } from './check-options.ts'
import { headerSets } from './header-set.ts'
import { giveNonce, type Nonce } from './nonce.ts'
import type { NonceOptions, SecurityHeadersOptions, Preset } from './options.ts'
import { askForOnePart, replacePlaceholder } from './placeholder.ts'
import { withPreset } from './presets.ts'

/** What is added to the context: the nonce, if there is one. */
export type SecurityHeadersAdds<N extends boolean | NonceOptions> = [N] extends [true | NonceOptions] ? Nonce : {}

/** Whether a preset makes a nonce where the option is silent. */
export type PresetNonce<P extends Preset> = [P] extends ['strict'] ? true : false

/**
 * Wraps an app so that its responses carry security headers, whatever made them: a route, a 404 or a redirect of the
 * framework, a file, an error page.
 *
 * A header that the app has set stays as it is; `X-Powered-By` is removed. Of an exception the wrapper keeps only its
 * headers, for `errors()` or the host to put on their answer, and lets it pass. Informational responses (1xx), and so a
 * WebSocket's 101, get nothing.
 *
 * `Strict-Transport-Security` and the directive `upgrade-insecure-requests` are sent when the request's url is https:
 * behind a proxy that ends TLS, put `trustedProxy()` outside, which derives it.
 *
 * Put it outside of all that may answer, and inside `errors()` and `trustedProxy()`.
 *
 * @param options helmet's, and more: see {@link SecurityHeadersOptions}
 * @returns a wrapper; with a nonce one that adds `context.nonce`
 * @throws OptionError, or an error with helmet's own message and the same `code`, once, for a wrong option
 * @example
 * export default securityHeaders({ referrerPolicy: { policy: 'same-origin' } })(app)
 * // Content-Security-Policy: default-src 'self';base-uri 'self';…
 * // Referrer-Policy: same-origin
 * // X-Frame-Options: SAMEORIGIN …
 */
export function securityHeaders<P extends Preset = 'helmet', N extends boolean | NonceOptions = PresetNonce<P>>(
  options: SecurityHeadersOptions<P, N> = {},
): Wrapper<SecurityHeadersAdds<N>> {
  const { enter, leave, fail } = engine(options)
  return placed(place, (app: App<any>): App<any> => {
    checkApp('securityHeaders(…)(…)', app)
    return (request, context) => {
      const failed = (error: unknown): never => {
        fail(request, context)
        throw error
      }
      try {
        const response = after(app(enter(request, context), context), (inner) => leave(inner, request, context))
        return isPromise(response) ? response.catch(failed) : response
      } catch (error) {
        return failed(error)
      }
    }
  })
}

const place: Place = {
  name: 'securityHeaders',
  outside: {
    staticFiles: 'whose files then go out without them',
    oidc: 'whose redirects and pages then go out without them',
    oauth2: 'whose redirects and pages then go out without them',
  },
}

/**
 * The same as hooks, for a framework that runs them itself.
 *
 * Hooks do not see exceptions: the framework's own error page passes the response half, and is covered by that.
 */
export function securityHeadersHooks<P extends Preset = 'helmet', N extends boolean | NonceOptions = PresetNonce<P>>(
  options: SecurityHeadersOptions<P, N> = {},
): Hooks<SecurityHeadersAdds<N>> {
  const { enter, leave } = engine(options)
  if (headerOf(options.nonce) !== undefined) {
    throw new OptionError(
      'securityHeaders.nonce',
      'true or false with hooks, which cannot change a request',
      options.nonce,
    )
  }
  return {
    request(request, context) {
      enter(request, context)
      return undefined
    },
    response: (response, request, context) => leave(response, request, context),
  }
}

type NonceContext = Context & Partial<Nonce>

interface Engine {
  /** Gives the request as the app is to see it. */
  readonly enter: (request: Request, context: NonceContext) => Request
  readonly leave: (response: Response, request: Request, context: NonceContext) => Response
  readonly fail: (request: Request, context: NonceContext) => void
}

function engine(options: SecurityHeadersOptions): Engine {
  checkOptions(options)
  const settings = withPreset(options)
  const { secure, plain } = headerSets(settings)
  const header = headerOf(settings.nonce)
  const setFor = (request: Request) => (secure === plain || request.url.startsWith('https:') ? secure : plain)
  return {
    enter(request, context) {
      if (!settings.nonce) return request
      const nonce = giveNonce(context)
      beforeCoding(context, replacePlaceholder)
      const asked = askForOnePart(request)
      return header === undefined ? asked : editRequestHeaders(asked, (headers) => headers.set(header, nonce))
    },
    leave(response, request, context) {
      const edited = settings.nonce ? editBeforeCoding(response, request, context) : response
      return setFor(request).dress(edited, request, context)
    },
    fail(request, context) {
      keepForError(context, setFor(request).forError(request, context))
    },
  }
}

/** The field that tells the nonce, if there is one. */
function headerOf(nonce: SecurityHeadersOptions['nonce']): string | undefined {
  return typeof nonce === 'object' ? nonce.header : undefined
}
