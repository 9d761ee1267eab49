import { expect, it } from '@jest/globals'
import { checkSecurity, type SecurityHeadersOptions } from '@outerware/security-headers'

const csp = (directives: Record<string, string[] | null>): SecurityHeadersOptions => ({
  contentSecurityPolicy: { directives },
})

// Each score is what the tests of @mdn/mdn-http-observatory 1.4.8 gave to the same headers, with the 10 points each that
// later versions give to COOP and COEP.
it.each<[string, SecurityHeadersOptions, number]>([
  ['the default', {}, 130],
  ["the preset 'strict'", { preset: 'strict' }, 150],
  ['no inline styles', csp({ styleSrc: ["'self'"] }), 135],
  ["'none' for a start, and no inline styles", csp({ defaultSrc: ["'none'"], styleSrc: ["'self'"] }), 140],
  ['isolation', { crossOriginEmbedderPolicy: { policy: 'credentialless' } }, 140],
  ['a nonce beside inline scripts', { ...csp({ scriptSrc: ["'unsafe-inline'"] }), nonce: true }, 130],
  ['no policy', { contentSecurityPolicy: false }, 75],
  ['a policy that is only reported', { contentSecurityPolicy: { reportOnly: true } }, 75],
  ['inline scripts', csp({ scriptSrc: ["'self'", "'unsafe-inline'"] }), 80],
  ['scripts from everywhere', csp({ scriptSrc: ['https:'] }), 80],
  ['plug-ins from everywhere', csp({ objectSrc: ['*'] }), 80],
  ['eval', csp({ scriptSrc: ["'self'", "'unsafe-eval'"] }), 120],
  ['images by http', csp({ imgSrc: ['http://images.example'] }), 120],
  ['no HSTS', { hsts: false }, 80],
  ['an HSTS that is short', { hsts: { maxAge: 86_400 } }, 120],
  ['a policy against frames, and no X-Frame-Options', { xFrameOptions: false }, 130],
  ['no word against frames', { xFrameOptions: false, ...csp({ frameAncestors: null }) }, 80],
  [
    'nothing but X-Frame-Options against frames',
    { contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } } },
    135,
  ],
  ["scripts that 'strict-dynamic' stops", csp({ scriptSrc: ["'strict-dynamic'"] }), 75],
  ['several faults of one policy', csp({ scriptSrc: ["'unsafe-eval'"], objectSrc: ['*'] }), 80],
  ['an empty referrer policy', { referrerPolicy: { policy: '' } }, 120],
  ['no nosniff', { noSniff: false }, 125],
  ['a referrer that tells', { referrerPolicy: { policy: 'unsafe-url' } }, 120],
])('%s', (_name, options, score) => {
  expect(checkSecurity(options).score).toBe(score)
})

it("finds nothing to mend in 'strict'", () => {
  expect(checkSecurity({ preset: 'strict' }).findings).toEqual([])
})

it.each<[SecurityHeadersOptions, string, number, RegExp]>([
  [{}, 'contentSecurityPolicy', 0, /lets styles in/],
  [{ contentSecurityPolicy: false }, 'contentSecurityPolicy', -25, /not enforced/],
  [csp({ baseUri: null }), 'contentSecurityPolicy', 0, /set base-uri/],
  [{ hsts: { preload: true, maxAge: 15_552_000 } }, 'strictTransportSecurity', 0, /asks for preload/],
  [{ hsts: { preload: true, includeSubDomains: false } }, 'strictTransportSecurity', 0, /asks for preload/],
  [{ xPoweredBy: false }, 'xPoweredBy', 0, /made with/],
  [csp({ reportTo: ['csp'] }), 'reportingEndpoints', 0, /has no "csp"/],
])('%j: a finding about %s', (options, option, points, text) => {
  const finding = expect.objectContaining({ option, points, text: expect.stringMatching(text) })
  expect(checkSecurity(options).findings).toContainEqual(finding)
})

it('a policy may send its reports to an endpoint that there is', () => {
  const { findings } = checkSecurity({ ...csp({ reportTo: ['csp'] }), reportingEndpoints: { csp: '/reports' } })
  expect(findings.map(({ option }) => option)).not.toContain('reportingEndpoints')
})

it('refuses what securityHeaders() refuses', () => {
  expect(() => checkSecurity({ hsts: { maxAge: -1 } })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
})
