/**
 * Address, scheme and host of the client, from what trusted proxies say and from nobody else.
 *
 *     client ─▶ proxy ─(X-Forwarded-For: client)─▶ trustedProxy ─▶ app: context.ip, request.url
 *     client ─────────(X-Forwarded-For: a lie)───▶ trustedProxy ─▶ app: the field is gone
 *
 * @module
 */
import {
  checkApp,
  checkOptions,
  derive,
  editRequestHeaders,
  OptionError,
  placed,
  respond,
  type App,
  type Place,
  type Wrapper,
} from '@outerware/core'
import { hasSome, hostOfUrl } from '@outerware/core/headers'
import { addressTest, unix } from './addresses.ts'
import { readClient, type Client } from './client.ts'
import { readTrust, type ForwardedHeader } from './headers.ts'
import { peerOf } from './peer.ts'

/** Options of {@link trustedProxy}. */
export interface TrustedProxyOptions {
  /**
   * The proxies: addresses, ranges such as `10.0.0.0/8`, and the names `loopback`, `linklocal` and `uniquelocal`; `unix`
   * is whoever may write to the Unix socket that the site listens on, for there nobody has an address.
   */
  readonly proxies: readonly string[]
  /**
   * The fields that the proxies set themselves, on every request. All others of the kind are removed: what a proxy does
   * not set it passes on from the client.
   *
   * `['forwarded']` is RFC 7239. `x-forwarded-host` is for proxies that do not keep the Host field. Further names, such
   * as `x-real-ip` and `cf-connecting-ip`, are not read here, but left for the app.
   *
   * @default ['x-forwarded-for', 'x-forwarded-proto']
   */
  readonly headers?: readonly ForwardedHeader[]
}

/**
 * Wraps an app so that `context.ip` and `request.url` tell of the client, not of the proxy in front.
 *
 * A request that comes from one of the proxies gets
 *
 * 1. the client's address as `context.ip`: the first, from the right, that is none of the proxies; `undefined` if the
 *    proxy says `unknown`;
 * 2. its scheme and host in `request.url`, and the host in the Host field; the path stays as it is;
 * 3. the trusted fields cut down to what is known, so that an app which reads the leftmost address is right, too.
 *
 * All such fields that are not trusted are removed, from requests of others every one of them. A trusted field that
 * cannot be read is answered 400.
 *
 * Put it outside of all that reads an address, a scheme or a host: only `errors()` is further out. In Express inside,
 * `app.set('trust proxy', true)` makes `req.ip` and `req.protocol` say the same.
 *
 * @throws {@link OptionError} `trustedProxy.proxies[0]` and so on, once, for a wrong option
 * @example
 * export default trustedProxy({ proxies: ['10.0.0.0/8'] })(app)
 * @see https://www.rfc-editor.org/rfc/rfc7239#section-4
 */
export function trustedProxy(options: TrustedProxyOptions): Wrapper {
  refuseList(options)
  checkOptions('trustedProxy', options, ['proxies', 'headers'])
  const isTrusted = addressTest(options.proxies)
  const trust = readTrust(options.headers ?? ['x-forwarded-for', 'x-forwarded-proto'])

  return placed(place, (app: App<any>): App<any> => {
    checkApp('trustedProxy(…)(…)', app)
    return (request, context) => {
      const peer = peerOf(context)
      if (peer !== undefined && peer !== unix) context.ip = peer
      if (peer === undefined || !isTrusted(peer)) return app(withFields(request, trust.all), context)
      const client = readClient(request.headers, trust, peer, isTrusted)
      if (client === undefined) return respond('400 Bad Request\n', { status: 400 })
      context.ip = client.ip === unix ? undefined : client.ip
      return app(asSeenBy(client, withFields(request, trust.others, client)), context)
    }
  })
}

/** `allowedHosts()` takes a list, this does not. */
function refuseList(given: unknown): void {
  if (typeof given !== 'string' && !Array.isArray(given)) return
  const instead = `write trustedProxy({ proxies: ${JSON.stringify([given].flat())} })`
  throw new OptionError('trustedProxy', 'an object of options', given, false, instead)
}

const place: Place = {
  name: 'trustedProxy',
  outside: {
    httpsRedirect: 'which takes what came by https for http, and redirects it for ever',
    securityHeaders: 'which takes what came by https for http, and sends no Strict-Transport-Security',
  },
}

/** The request without some fields, and with others as the client is known. */
function withFields(request: Request, removed: ReadonlySet<string>, client?: Client): Request {
  const { headers } = request
  const gone = hasSome(headers, removed) ? [...removed].filter((name) => headers.has(name)) : []
  const fields = (client?.fields ?? []).filter(([name, value]) => headers.get(name) !== value)
  const host = client?.host
  const moves = host !== undefined && headers.get('host') !== host
  if (gone.length === 0 && fields.length === 0 && !moves) return request
  return editRequestHeaders(request, (edited) => {
    for (const name of gone) edited.delete(name)
    for (const [name, value] of fields) edited.set(name, value)
    if (moves) edited.set('host', host)
  })
}

/** The request with the scheme and host that the client sees; its path and query stay as they are written. */
function asSeenBy({ scheme, host }: Client, request: Request): Request {
  const { url } = request
  const start = url.indexOf('://')
  const own = hostOfUrl(url)
  if ((scheme ?? url.slice(0, start)) === url.slice(0, start) && (host ?? own) === own) return request
  const path = url.slice(start + 3 + own.length)
  return derive(request, { url: `${scheme ?? url.slice(0, start)}://${host ?? own}${path}` })
}
