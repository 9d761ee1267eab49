/**
 * Against cross-site request forgery, by what browsers say of a request: Fetch metadata, and Origin.
 *
 *     POST  Sec-Fetch-Site: same-origin  ─────▶ app
 *     POST  Sec-Fetch-Site: cross-site   ─┐
 *     403                                ◀┘
 *
 * The rule is that of Go 1.25, `http.CrossOriginProtection`: no tokens, no cookies, no state.
 *
 * @module
 */
import {
  checkOptions,
  fromHooks,
  OptionError,
  pathTest,
  placed,
  respond,
  type Context,
  type Hooks,
  type PathRule,
  type Wrapper,
} from '@outerware/core'
import { hostOfUrl } from '@outerware/core/headers'

/** Options of {@link crossOriginProtection}. */
export interface CrossOriginProtectionOptions {
  /**
   * Origins that may send what is refused else, spelt as browsers spell them: `https://admin.site.example`.
   *
   * @default []
   */
  readonly trustedOrigins?: readonly string[]
  /**
   * Where nothing is refused: a path (`/webhook`), all below one (`/api/public/*`), or a function. Only for what takes
   * no cookies.
   *
   * @default []
   */
  readonly bypass?: readonly PathRule[]
  /**
   * Makes the answer to a request that is refused.
   *
   * @default a plain 403
   */
  readonly onDeny?: (request: Request, context: Context) => Response | Promise<Response>
}

/**
 * Wraps an app so that requests which change something are refused when a browser says that they come from another
 * origin, an origin of the same site included. A request passes if
 *
 * 1. its method is GET, HEAD or OPTIONS, and it asks for no other protocol;
 * 2. `Sec-Fetch-Site` is `same-origin` or `none`;
 * 3. it has neither `Sec-Fetch-Site` nor `Origin`: no browser sent it, or an old one that stays within one origin;
 * 4. it has no `Sec-Fetch-Site`, and its `Origin` names the host that it is for, by whatever scheme: HSTS is what
 *    keeps http out;
 * 5. its `Origin` is one of `trustedOrigins`;
 * 6. its path is bypassed.
 *
 * A WebSocket is opened by a GET and carries cookies, so a GET that asks for one is held to 2 to 6: that goes beyond Go.
 *
 * The app must change nothing on GET. Put it inside `trustedProxy()`, which settles what the host is.
 *
 * @throws {@link OptionError} `crossOriginProtection.trustedOrigins[0]` and so on, once, for a wrong option
 * @example
 * export default crossOriginProtection({ trustedOrigins: ['https://admin.site.example'] })(app)
 * @see https://pkg.go.dev/net/http#CrossOriginProtection
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function crossOriginProtection(options: CrossOriginProtectionOptions = {}): Wrapper {
  return placed({ name: 'crossOriginProtection' }, fromHooks(crossOriginProtectionHooks(options)))
}

/** The same as hooks, for a framework that runs them itself. */
export function crossOriginProtectionHooks(options: CrossOriginProtectionOptions = {}): Hooks {
  checkOptions('crossOriginProtection', options, ['trustedOrigins', 'bypass', 'onDeny'])
  const { trustedOrigins = [], bypass = [], onDeny = deny } = options
  if (!Array.isArray(trustedOrigins)) {
    throw new OptionError('crossOriginProtection.trustedOrigins', 'a list of origins', trustedOrigins)
  }
  const trusted = new Set(trustedOrigins.map(checkOrigin))
  const isBypassed = pathTest(bypass, 'crossOriginProtection.bypass')
  if (typeof onDeny !== 'function') {
    throw new OptionError('crossOriginProtection.onDeny', 'a function that gives a Response', onDeny)
  }
  return {
    request(request, context) {
      if (isSafe(request.method) && context.upgrade === undefined) return undefined
      if (!isCrossOrigin(request)) return undefined
      if (trusted.has(request.headers.get('origin') ?? '') || isBypassed(request)) return undefined
      return onDeny(request, context)
    },
  }
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** Tells whether a browser says, or an older one lets see, that a request comes from another origin. */
function isCrossOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site') ?? ''
  if (site !== '') return site !== 'same-origin' && site !== 'none'
  const origin = request.headers.get('origin') ?? ''
  return origin !== '' && hostOfOrigin(origin) !== hostOfUrl(request.url)
}

/** The host and port, as they are written; `undefined` for `null`, the origin of sandboxed frames and data URLs. */
function hostOfOrigin(origin: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#@]+)/i.exec(origin)?.[1]
}

function deny(): Response {
  return respond('403 Forbidden: this request comes from another site\n', { status: 403 })
}

function checkOrigin(origin: string, index: number): string {
  const read = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin).origin : undefined
  if (read === origin && read !== 'null' && !origin.includes('*')) return origin
  const wanted = 'an origin as browsers spell it, such as https://admin.site.example: no path, no default port'
  throw new OptionError(`crossOriginProtection.trustedOrigins[${index}]`, wanted, origin)
}
