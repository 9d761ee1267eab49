/**
 * What the options of a site leave open: a check to run in tests, as Django's `check --deploy` is.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import { checkOptions } from '../check-options.ts'
import { headerSets } from '../header-set.ts'
import { randomNonce, type Nonce } from '../nonce.ts'
import type { SecurityHeadersOptions } from '../options.ts'
import { withPreset } from '../presets.ts'
import { advice, adviseOnPage } from './advice.ts'
import { checkSite } from './check-site.ts'
import { judge } from './judge.ts'
import { score, type SecurityCheck, type SecurityCode, type SecurityFinding } from './score.ts'
import type { Page, Seen } from './seen.ts'

/** The options that a site's wrappers are made with, each under its wrapper's name. Left out is a wrapper that is not there. */
export interface SiteOptions {
  readonly securityHeaders?: SecurityHeadersOptions | false
  readonly httpsRedirect?: { readonly permanent?: boolean } | false
  readonly allowedHosts?: readonly string[] | false
  readonly crossOriginProtection?:
    | { readonly trustedOrigins?: readonly string[]; readonly bypass?: readonly unknown[] }
    | false
  /** A site that no proxy stands in front of needs none. */
  readonly trustedProxy?: { readonly proxies: readonly string[] } | false
  /**
   * Codes of what somebody else sees to, such as `redirection-missing` where the proxy in front redirects.
   *
   * @default []
   */
  readonly ignore?: readonly SecurityCode[]
}

/**
 * Judges a site by its options, before it is deployed: by what would be sent over https under the rules of MDN's HTTP
 * Observatory, and by some advice beyond them.
 *
 * Cookies, certificates and what the app sets itself are not seen: `npx outerware-check URL` asks a running site.
 * Functions in directives are called once, with a small view of a GET of `/`.
 *
 * @returns the Observatory's score, at most 150 by options, its grade, and what to mend, the worst first
 * @throws OptionError, and others, as `securityHeaders()` does
 * @example
 * it('leaves nothing open', () => {
 *   expect(checkSecurity({ securityHeaders: headers, httpsRedirect: {}, allowedHosts: hosts }).findings).toEqual([])
 * })
 * @see https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
export function checkSecurity(site: SiteOptions = {}): SecurityCheck {
  checkSite(site)
  const page = pageOf(site.securityHeaders)
  const [http, https] = ['http://site.example/', 'https://site.example/'].map((url) => new URL(url))
  const seen: Seen = { page, https: 'verified', route: site.httpsRedirect ? [http!, https!] : [http!], cookies: [] }
  return score(judge(seen), [...adviseOnPage(page), ...adviseOnWrappers(site)], site.ignore ?? [])
}

/** What would be sent with an HTML page by https. */
function pageOf(options: SecurityHeadersOptions | false | undefined): Page {
  const url = new URL('https://site.example/')
  const poweredBy: [string, string[]] = ['x-powered-by', ['whatever the framework calls itself']]
  if (options === undefined || options === false) return { url, html: '', fields: new Map([poweredBy]) }
  checkOptions(options)
  const settings = withPreset(options)
  const context: Context & Nonce = { ...bareContext, nonce: randomNonce() }
  const sent = headerSets(settings).secure.forError(new Request(url), context)
  const fields = new Map(sent.map(([name, value]) => [name, [value]]))
  if ((settings.xPoweredBy ?? settings.hidePoweredBy) === false) fields.set(...poweredBy)
  return { url, html: '', fields }
}

function* adviseOnWrappers(site: SiteOptions): Generator<SecurityFinding> {
  if (site.httpsRedirect && site.httpsRedirect.permanent === false) {
    const wrong = 'the redirect to https is on trial: browsers ask by http each time'
    yield advice('redirection-temporary', wrong, 'httpsRedirect() without permanent: false')
  }
  yield* adviseOnHosts(site.allowedHosts)
  yield* adviseOnOrigins(site.crossOriginProtection)
  for (const range of site.trustedProxy ? site.trustedProxy.proxies : []) {
    if (!isBroad(range)) continue
    const wrong = `${range} lets a good part of the internet say who the client is`
    yield advice('trusted-proxy-broad', wrong, 'trustedProxy() with the addresses of the proxies, and no more')
  }
}

function* adviseOnHosts(hosts: SiteOptions['allowedHosts']): Generator<SecurityFinding> {
  const instead = "allowedHosts(['site.example']), with the names of the site"
  if (!hosts) yield advice('host-not-checked', 'links and redirects are made of whatever host a client names', instead)
  for (const host of hosts || []) {
    if (!/^\.[^.]+\.?(?::\d+)?$/.test(host)) continue
    yield advice('allowed-hosts-broad', `'${host}' takes in every name below a top-level domain`, instead)
  }
}

function* adviseOnOrigins(options: SiteOptions['crossOriginProtection']): Generator<SecurityFinding> {
  const instead = 'crossOriginProtection(), around all that takes cookies'
  if (!options) {
    const wrong = 'a form on another site can do what a visitor may do'
    yield advice('cross-origin-protection-missing', wrong, instead)
    return
  }
  if (options.bypass?.includes('/*')) {
    yield advice('cross-origin-protection-open', "'/*' is bypassed, and so is everything", instead)
  }
  for (const origin of options.trustedOrigins ?? []) {
    if (!origin.startsWith('http:') || /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|$)/.test(origin))
      continue
    const wrong = `${origin} is trusted, and whoever is in between can speak for it`
    yield advice('cross-origin-protection-open', wrong, origin.replace(/^http:/, 'https:'))
  }
}

/** More than a network of 2^24 addresses, or one of IPv6 that is wider than what a provider has. */
function isBroad(range: string): boolean {
  const [address = '', prefix] = range.split('/')
  return prefix !== undefined && Number(prefix) < (address.includes(':') ? 16 : 8) && !range.startsWith('fc00::/')
}

/** Of a request that nobody has made. */
const bareContext: Context = { platform: 'test', ip: undefined, env: {}, waitUntil() {}, onFinish() {} }
