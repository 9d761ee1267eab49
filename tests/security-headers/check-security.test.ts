import { expect, it } from '@jest/globals'
import { checkSecurity, type SecurityHeadersOptions, type SiteOptions } from '@outerware/security-headers'

const csp = (directives: Record<string, string[] | null>): SecurityHeadersOptions => ({
  contentSecurityPolicy: { directives },
})

/** A site with all wrappers, where nothing but its headers is in question. */
const site = (securityHeaders: SecurityHeadersOptions | false): SiteOptions => ({
  securityHeaders,
  httpsRedirect: {},
  allowedHosts: ['site.example'],
  crossOriginProtection: {},
})

// Each score is what the code of mdn-http-observatory 1.6.3 gave to the same headers.
it.each<[string, SecurityHeadersOptions, number, string]>([
  ['the default', {}, 130, 'A+'],
  ["the preset 'strict'", { preset: 'strict' }, 150, 'A+'],
  ['no inline styles', csp({ styleSrc: ["'self'"] }), 135, 'A+'],
  ["'none' for a start, and no inline styles", csp({ defaultSrc: ["'none'"], styleSrc: ["'self'"] }), 140, 'A+'],
  ['isolation', { crossOriginEmbedderPolicy: { policy: 'credentialless' } }, 140, 'A+'],
  ['windows that may be opened', { crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' } }, 130, 'A+'],
  ['a nonce beside inline scripts', { ...csp({ scriptSrc: ["'unsafe-inline'"] }), nonce: true }, 130, 'A+'],
  ['no policy', { contentSecurityPolicy: false }, 75, 'B'],
  ['a policy that is only reported', { contentSecurityPolicy: { reportOnly: true } }, 75, 'B'],
  ['inline scripts', csp({ scriptSrc: ["'self'", "'unsafe-inline'"] }), 80, 'B+'],
  ['scripts from everywhere', csp({ scriptSrc: ['https:'] }), 80, 'B+'],
  ['plug-ins from everywhere', csp({ objectSrc: ['*'] }), 80, 'B+'],
  ['eval', csp({ scriptSrc: ["'self'", "'unsafe-eval'"] }), 120, 'A+'],
  ['images by http', csp({ imgSrc: ['http://images.example'] }), 120, 'A+'],
  ['no HSTS', { hsts: false }, 80, 'B+'],
  ['an HSTS that is short', { hsts: { maxAge: 86_400 } }, 120, 'A+'],
  ['a policy against frames, and no X-Frame-Options', { xFrameOptions: false }, 130, 'A+'],
  ['no word against frames', { xFrameOptions: false, ...csp({ frameAncestors: null }) }, 80, 'B+'],
  [
    'nothing but X-Frame-Options against frames',
    { contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } } },
    140,
    'A+',
  ],
  ["scripts that 'strict-dynamic' stops", csp({ scriptSrc: ["'strict-dynamic'"] }), 75, 'B'],
  ['several faults of one policy', csp({ scriptSrc: ["'unsafe-eval'"], objectSrc: ['*'] }), 80, 'B+'],
  ['no nosniff', { noSniff: false }, 125, 'A+'],
  ['a referrer that tells', { referrerPolicy: { policy: 'unsafe-url' } }, 120, 'A+'],
])('%s', (_name, options, score, grade) => {
  expect(checkSecurity(site(options))).toMatchObject({ score, grade })
})

it("finds nothing to mend in 'strict' behind all wrappers", () => {
  expect(checkSecurity(site({ preset: 'strict' })).findings).toEqual([])
})

it('names what is wrong, and what to write instead, the worst first', () => {
  expect(checkSecurity(site({ hsts: { maxAge: 86_400 } })).findings).toEqual([
    {
      code: 'hsts-implemented-max-age-less-than-six-months',
      points: -10,
      wrong: 'Strict-Transport-Security lasts 86400 seconds, less than 15552000',
      instead:
        'Strict-Transport-Security: max-age=31536000; includeSubDomains, as securityHeaders() sends it over https',
    },
    {
      code: 'csp-implemented-with-unsafe-inline-in-style-src-only',
      points: 0,
      wrong: 'style-src lets styles in from everywhere or inline, and so what reads a page by its looks',
      instead: "style-src 'self', and the nonce on styles that stand in a page",
    },
  ])
})

it.each<[SecurityHeadersOptions, string, number]>([
  [{ contentSecurityPolicy: false }, 'csp-not-implemented', -25],
  [{ contentSecurityPolicy: { reportOnly: true } }, 'csp-not-implemented-but-reporting-enabled', -25],
  [csp({ baseUri: null }), 'csp-base-uri-missing', 0],
  [{ hsts: { preload: true, maxAge: 15_552_000 } }, 'hsts-preload-refused', 0],
  [{ hsts: { preload: true, includeSubDomains: false } }, 'hsts-preload-refused', 0],
  [{ xPoweredBy: false }, 'x-powered-by', 0],
  [csp({ reportTo: ['csp'] }), 'csp-report-to-unknown', 0],
  // Of one policy the worst counts, and the others are named all the same.
  [csp({ scriptSrc: ["'unsafe-eval'"], objectSrc: ['*'] }), 'csp-implemented-with-unsafe-inline', -20],
  [csp({ scriptSrc: ["'unsafe-eval'"], objectSrc: ['*'] }), 'csp-implemented-with-unsafe-eval', 0],
])('%j: %s', (options, code, points) => {
  expect(checkSecurity(site(options)).findings).toContainEqual(expect.objectContaining({ code, points }))
})

it.each<[SiteOptions, string, number]>([
  [{ securityHeaders: {} }, 'redirection-missing', -20],
  [{ httpsRedirect: false }, 'redirection-missing', -20],
  [{ httpsRedirect: { permanent: false } }, 'redirection-temporary', 0],
  [{}, 'csp-not-implemented', -25],
  [{}, 'x-powered-by', 0],
  [{}, 'host-not-checked', 0],
  [{ allowedHosts: ['site.example', '.example'] }, 'allowed-hosts-broad', 0],
  [{}, 'cross-origin-protection-missing', 0],
  [{ crossOriginProtection: { bypass: ['/*'] } }, 'cross-origin-protection-open', 0],
  [{ crossOriginProtection: { trustedOrigins: ['http://admin.example'] } }, 'cross-origin-protection-open', 0],
  [{ trustedProxy: { proxies: ['10.0.0.0/8', '0.0.0.0/1'] } }, 'trusted-proxy-broad', 0],
])('%j: %s', (options, code, points) => {
  expect(checkSecurity(options).findings).toContainEqual(expect.objectContaining({ code, points }))
})

it.each<SiteOptions>([
  { allowedHosts: ['.site.example', 'localhost', '127.0.0.1'] },
  {
    crossOriginProtection: { bypass: ['/webhooks/*'], trustedOrigins: ['https://a.example', 'http://localhost:3000'] },
  },
  { trustedProxy: { proxies: ['10.0.0.0/8', 'loopback', '2001:db8::/32', 'fc00::/7'] } },
])('%j leaves nothing open', (options) => {
  const { findings } = checkSecurity({ ...site({ preset: 'strict' }), ...options })
  expect(findings).toEqual([])
})

it('a policy may send its reports to an endpoint that there is', () => {
  const { findings } = checkSecurity(site({ ...csp({ reportTo: ['csp'] }), reportingEndpoints: { csp: '/reports' } }))
  expect(findings.map(({ code }) => code)).not.toContain('csp-report-to-unknown')
})

it('what somebody else sees to costs nothing and is not named', () => {
  const options = { securityHeaders: {}, allowedHosts: ['site.example'], crossOriginProtection: {} }
  const { score, findings } = checkSecurity({ ...options, ignore: ['redirection-missing'] })
  expect(score).toBe(130)
  expect(findings.map(({ code }) => code)).toEqual(['csp-implemented-with-unsafe-inline-in-style-src-only'])
})

it('refuses what securityHeaders() refuses, and what is no wrapper', () => {
  const wrong = expect.objectContaining({ code: 'ERR_OPTION' })
  expect(() => checkSecurity({ securityHeaders: { hsts: { maxAge: -1 } } })).toThrow(wrong)
  // @ts-expect-error wrong on purpose
  expect(() => checkSecurity({ hsts: {} })).toThrow(
    /^checkSecurity\.hsts must be one of securityHeaders, httpsRedirect, /,
  )
})

it.each([
  [null, 'checkSecurity(…)'],
  [{ trustedProxy: {} }, 'checkSecurity.trustedProxy.proxies'],
  [{ trustedProxy: true }, 'checkSecurity.trustedProxy'],
  [{ crossOriginProtection: { trustedOrigins: [1] } }, 'checkSecurity.crossOriginProtection.trustedOrigins'],
  [{ allowedHosts: 'site.example' }, 'checkSecurity.allowedHosts'],
  [{ allowedHosts: [] }, 'checkSecurity.allowedHosts'],
  [{ allowedHosts: [1] }, 'checkSecurity.allowedHosts'],
  [{ ignore: 'x-powered-by' }, 'checkSecurity.ignore'],
])('says what is wrong with %j', (site, option) => {
  // @ts-expect-error -- what JavaScript may give
  expect(() => checkSecurity(site)).toThrow(expect.objectContaining({ code: 'ERR_OPTION', option }))
})
