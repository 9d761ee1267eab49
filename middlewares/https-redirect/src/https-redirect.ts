/**
 * From http to https, on the same host and path (RFC 9110, section 15.4; RFC 6797, section 7.2).
 *
 *     request by https  ───────▶ app
 *     request by http   ─┐
 *     301 or 308        ◀┘   Location: https://…
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
import { hostOfUrl, namesOneHost, parseHost } from '@outerware/core/headers'

/** Options of {@link httpsRedirect}. */
export interface HttpsRedirectOptions {
  /**
   * What is served over http too: a path (`/health`), all below one (`/.well-known/acme-challenge/*`), or a function.
   *
   * @default []
   */
  readonly exempt?: readonly PathRule[]
  /**
   * The host to redirect to, with its port if that is not 443.
   *
   * A browser that is sent to another host at once never learns of the first one's HSTS, so leave it out unless the
   * site has one name only.
   *
   * @default the host that the request is for
   */
  readonly host?: string
  /**
   * The port of https, where the host is the request's own.
   *
   * @default 443
   */
  readonly port?: number
  /**
   * `false` answers 302 and 307 in place of 301 and 308, which browsers keep: for trying it out.
   *
   * @default true
   */
  readonly permanent?: boolean
}

/**
 * Wraps an app so that requests by http are redirected to https.
 *
 * GET and HEAD get a 301, or a 302 if it is not permanent; all others, which must keep their method and body, a 308 or
 * 307. A request whose Host is missing or has no one reading is answered 400. What came by https passes untouched.
 *
 * It goes by the request's url: behind a proxy that ends TLS put `trustedProxy()` outside, or every request is
 * redirected for ever. It sends back the host that the client named: put `allowedHosts()` outside.
 *
 * @throws {@link OptionError} `httpsRedirect.exempt` and so on, once, for a wrong option
 * @example
 * export default httpsRedirect({ exempt: ['/.well-known/acme-challenge/*'] })(app)
 * // GET http://site.test/a?b ─▶ 301, Location: https://site.test/a?b
 */
export function httpsRedirect(options: HttpsRedirectOptions = {}): Wrapper {
  return placed({ name: 'httpsRedirect' }, fromHooks(httpsRedirectHooks(options)))
}

/** The same as hooks, for a framework that runs them itself. */
export function httpsRedirectHooks(options: HttpsRedirectOptions = {}): Hooks {
  checkOptions('httpsRedirect', options, ['exempt', 'host', 'port', 'permanent'])
  const { exempt = [], host, port = 443, permanent = true } = options
  const fixed = host === undefined ? undefined : checkHost(host)
  checkValues(port, permanent)
  const isExempt = pathTest(exempt, 'httpsRedirect.exempt')
  const [toGet, keepMethod] = permanent ? [301, 308] : [302, 307]
  const warn = onceForLoop()

  return {
    request(request, context) {
      const { url, method } = request
      if (url.startsWith('https:') || isExempt(request)) return undefined
      const target = fixed ?? ownHost(url, context, port)
      if (target === undefined) return respond('400 Bad Request\n', { status: 400 })
      if (request.headers.get('x-forwarded-proto') === 'https') warn()
      const path = url.slice(url.indexOf('://') + 3 + hostOfUrl(url).length)
      const status = method === 'GET' || method === 'HEAD' ? toGet : keepMethod
      return respond(null, { status, headers: { location: `https://${target}${path}` } })
    },
  }
}

/** A proxy says that the browser came by https: it is sent where it is already. With trustedProxy() that says nobody. */
function onceForLoop(): () => void {
  let isSaid = false
  return () => {
    if (!isSaid) {
      console.warn(
        'httpsRedirect(): a request with X-Forwarded-Proto: https was taken for http, and redirected to where it came ' +
          "from. Behind a proxy write compose(trustedProxy({ proxies: ['10.0.0.0/8'] }), httpsRedirect())(app), with " +
          'the addresses of your proxies.',
      )
    }
    isSaid = true
  }
}

/** The host that the request is for; `undefined` if it names none, or none that all read alike. */
function ownHost(url: string, context: Context, port: number): string | undefined {
  const host = parseHost(hostOfUrl(url))
  // The host of a request whose Host field is none.
  if (host === undefined || host.name === 'invalid.invalid' || !saysHost(context)) return undefined
  return port === 443 ? host.name : `${host.name}:${port}`
}

/** HTTP/1.0 may leave Host out, and others may leave it empty or send two; the url then has a name that nobody said so. */
function saysHost({ node }: Context): boolean {
  return node === undefined || (node.req.headers.host !== '' && namesOneHost(node.req))
}

function checkHost(host: string): string {
  const read = typeof host === 'string' ? parseHost(host) : undefined
  if (read === undefined) {
    throw new OptionError('httpsRedirect.host', 'a host such as www.site.example, with no scheme and no path', host)
  }
  return read.port === undefined || read.port === 443 ? read.name : `${read.name}:${read.port}`
}

function checkValues(port: number, permanent: boolean): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new OptionError('httpsRedirect.port', 'a whole number from 1 to 65535', port)
  }
  if (typeof permanent !== 'boolean') throw new OptionError('httpsRedirect.permanent', 'true or false', permanent)
}
