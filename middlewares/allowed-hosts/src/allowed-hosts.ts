/**
 * Only requests for hosts that the site knows (RFC 9110, section 7.2; RFC 9112, section 3.2).
 *
 *     Host: site.example  ─────▶ app
 *     Host: evil.example  ─┐
 *     400                 ◀┘
 *
 * @module
 */
import { fromHooks, OptionError, placed, respond, type Context, type Hooks, type Wrapper } from '@outerware/core'
import { hostOfUrl, namesOneHost, parseHost, type Host } from '@outerware/core/headers'

/**
 * Wraps an app so that a request for any other host is answered 400, before anything reads the host: links in mails,
 * redirects and caches are made of it. Refused is
 *
 * 1. a host that is not on the list;
 * 2. a host that two readers could read in two ways: a user before an `@`, an escape, an address in hexadecimals;
 * 3. a request with two Host fields, or whose target names another host than its Host field (`GET http://other/`);
 * 4. a request with no host at all.
 *
 * Put it inside `trustedProxy()`, which settles what the host is, and outside of everything else that may answer.
 *
 * @param hosts each one of: a name (`site.example`); a name with a dot before it, which stands for that name and all
 *   below it (`.site.example`); an address (`127.0.0.1`, `[::1]`). Any of them with a port stands for that port only,
 *   else for every port. Names may be written with letters of any script.
 * @throws {@link OptionError} `allowedHosts[0]` and so on, once, for what is no host
 * @example
 * export default allowedHosts(['site.example', '.tenants.example', 'localhost:3000'])(app)
 */
export function allowedHosts(hosts: readonly string[]): Wrapper {
  return placed({ name: 'allowedHosts' }, fromHooks(allowedHostsHooks(hosts)))
}

/** The same as hooks, for a framework that runs them itself. */
export function allowedHostsHooks(hosts: readonly string[]): Hooks {
  const isAllowed = hostTest(hosts)
  return {
    request(request, context) {
      const host = oneHost(request, context)
      if (host !== undefined && isAllowed(host, request.url)) return undefined
      return respond('400 Bad Request\n', { status: 400 })
    },
  }
}

/** The one host that a request is for, as it is written. */
function oneHost(request: Request, context: Context): string | undefined {
  const host = hostOfUrl(request.url)
  const field = request.headers.get('host')
  if (field !== null && field !== host && !isSame(field, host, request.url)) return undefined
  return context.node === undefined || namesOneHost(context.node.req) ? host : undefined
}

/** Compares the Host field with the target's host, which is spelt anew when the target is a whole URL. */
function isSame(field: string, host: string, url: string): boolean {
  const [a, b] = [parseHost(field), parseHost(host)]
  return a !== undefined && b !== undefined && a.name === b.name && portOf(a, url) === portOf(b, url)
}

function portOf({ port }: Host, url: string): number {
  return port ?? (url.startsWith('https:') ? 443 : 80)
}

/** Makes the test of one host against the list. */
function hostTest(hosts: readonly string[]): (host: string, url: string) => boolean {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw new OptionError('allowedHosts', 'a list of at least one host', hosts, false, insteadOf(hosts))
  }
  const rules = hosts.map((host, index) => readRule(host, `allowedHosts[${index}]`))
  // What most requests say, word for word.
  const usual = new Set(rules.filter(({ below, port }) => !below && port === undefined).map(({ name }) => name))
  return (host, url) => {
    if (usual.has(host)) return true
    const asked = parseHost(host)
    return asked !== undefined && rules.some((rule) => holds(rule, asked, url))
  }
}

function insteadOf(given: unknown): string {
  if (typeof given === 'string') return `write allowedHosts([${JSON.stringify(given)}])`
  return typeof given === 'function' ? "write allowedHosts(['site.example'])(app)" : ''
}

interface Rule extends Host {
  /** The name stands for all names below it, too. */
  readonly below: boolean
}

function holds({ name, port, below }: Rule, asked: Host, url: string): boolean {
  if (asked.name !== name && !(below && asked.name.endsWith(`.${name}`))) return false
  return port === undefined || port === portOf(asked, url)
}

function readRule(host: string, option: string): Rule {
  const below = typeof host === 'string' && host.startsWith('.')
  const read = typeof host === 'string' ? parseHost(toAscii(below ? host.slice(1) : host)) : undefined
  if (read === undefined || (below && /^[\d.]+$|^\[/.test(read.name))) {
    const wanted = "a host such as 'site.example', '.site.example' for all below it, or '[::1]:3000'"
    throw new OptionError(option, wanted, host, false, meantBy(host))
  }
  return { ...read, below }
}

/** What `https://site.example/` and `*.site.example` are here. */
function meantBy(host: unknown): string {
  const [, star = '', name] =
    /^(?:https?:\/\/)?(\*\.)?([\w.:[\]-]+)\/?$/.exec(typeof host === 'string' ? host : '') ?? []
  const meant = `${star && '.'}${name}`
  return name === undefined || meant === host ? '' : `write '${meant}'`
}

/** Letters of other scripts become punycode, as browsers send it; anything else is judged as it is. */
function toAscii(host: string): string {
  const [, name = '', port = ''] = /^([^/?#@\\:[\]%]*[^\0-\x7f][^/?#@\\:[\]%]*)(:\d+)?$/.exec(host) ?? []
  return name !== '' && URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname + port : host
}
