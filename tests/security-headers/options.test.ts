import { expect, it } from '@jest/globals'
import { securityHeaders, securityHeadersHooks } from '@outerware/security-headers'
import { hello } from '../support/index.ts'

const csp = (directives: unknown, more: object = {}) => ({ contentSecurityPolicy: { directives, ...more } })

it.each<[unknown, string]>([
  [null, 'securityHeaders must be an object of options, got null'],
  [[], 'securityHeaders must be an object of options, got []'],
  ['strict', 'securityHeaders must be an object of options, got "strict"'],
  [
    hello,
    'securityHeaders(…) must be called with its options first, got a function hello(); write securityHeaders(options)(app), or securityHeaders(options) in compose()',
  ],
  [{ preset: 'lax' }, `securityHeaders.preset must be 'helmet' or 'strict', got "lax"`],
  [
    { nonce: 'abc' },
    `securityHeaders.nonce must be true, false or the name of a request field, { header: 'x-nonce' }, got "abc"`,
  ],
  [
    { nonce: {} },
    `securityHeaders.nonce.header must be a name in lower case that says nothing else, such as 'x-nonce', got undefined`,
  ],
  [
    { nonce: { header: 'X Nonce' } },
    `securityHeaders.nonce.header must be a name in lower case that says nothing else, such as 'x-nonce', got "X Nonce"`,
  ],
  [
    { nonce: { header: 'cookie' } },
    `securityHeaders.nonce.header must be a name in lower case that says nothing else, such as 'x-nonce', got "cookie"`,
  ],
  [{ server: 'nginx' }, 'securityHeaders.server must be true or false, got "nginx"'],
  [{ hsts: 60 }, 'securityHeaders.hsts must be true, false or an object of options, got 60'],
  [{ xFrameOptions: 'DENY' }, 'securityHeaders.xFrameOptions must be true, false or an object of options, got "DENY"'],
  [
    { contentSecurityPolicy: null },
    'securityHeaders.contentSecurityPolicy must be true, false or an object of options, got null',
  ],
  [{ hsts: { overHttp: 'yes' } }, 'securityHeaders.strictTransportSecurity.overHttp must be true or false, got "yes"'],
  [
    csp({ scriptSrc: 5 }),
    'securityHeaders.contentSecurityPolicy.directives.scriptSrc must be a source, a list of sources (strings and functions) or null, got 5',
  ],
  [
    csp({ scriptSrc: ["'self'", 5] }),
    `securityHeaders.contentSecurityPolicy.directives.scriptSrc must be a source, a list of sources (strings and functions) or null, got ["'self'",5]`,
  ],
  [
    csp({ scriptSrc: ["'nonce-{nonce}'"] }),
    `securityHeaders.nonce must be true, for contentSecurityPolicy has 'nonce-{nonce}', got undefined`,
  ],
  [
    { ...csp({}, { reportOnly: true }), contentSecurityPolicyReportOnly: true },
    'securityHeaders.contentSecurityPolicy.reportOnly must be left out beside contentSecurityPolicyReportOnly, got true',
  ],
  [
    { permissionsPolicy: { camera: true } },
    `securityHeaders.permissionsPolicy.camera must be false, 'self', '*', or a list of 'self' and origins such as https://maps.example, got true`,
  ],
  [
    { permissionsPolicy: { camera: ['https://maps.example/path'] } },
    `securityHeaders.permissionsPolicy.camera must be false, 'self', '*', or a list of 'self' and origins such as https://maps.example, got "https://maps.example/path"`,
  ],
  [
    { permissionsPolicy: { 'a b': false } },
    'securityHeaders.permissionsPolicy must be made of names such as camera or syncXhr, got "a b"',
  ],
  [{ permissionsPolicy: true }, 'securityHeaders.permissionsPolicy must be false or an object, got true'],
  [
    { reportingEndpoints: { CSP: '/csp' } },
    'securityHeaders.reportingEndpoints must be made of names in lower case, such as csp, got "CSP"',
  ],
  [
    { reportingEndpoints: { csp: 'http://reports.example/' } },
    'securityHeaders.reportingEndpoints.csp must be a URL with https, or a path of this site that begins with /, got "http://reports.example/"',
  ],
  [
    { reportingEndpoints: { csp: 'reports' } },
    'securityHeaders.reportingEndpoints.csp must be a URL with https, or a path of this site that begins with /, got "reports"',
  ],
])('%j is refused when the wrapper is made', (options, message) => {
  const wrong = expect.objectContaining({ code: 'ERR_OPTION', message })
  // @ts-expect-error wrong on purpose
  expect(() => securityHeaders(options)).toThrow(wrong)
  // @ts-expect-error wrong on purpose
  expect(() => securityHeadersHooks(options)).toThrow(wrong)
})

it('a misspelt option is refused, with the names there are', () => {
  // @ts-expect-error wrong on purpose
  expect(() => securityHeaders({ contentSecurityPolcy: false })).toThrow(
    /^securityHeaders\.contentSecurityPolcy must be contentSecurityPolicy, or left out: there is no such option, but preset, nonce, contentSecurityPolicy, .*, got false$/,
  )
})

it.each<[object, string]>([
  [
    csp({ scriptSrc: ['self'] }),
    'Content-Security-Policy received an invalid directive value for "script-src". "self" should be quoted',
  ],
  [csp({ scriptSrc: ['a;b'] }), 'Content-Security-Policy received an invalid directive value for "script-src"'],
  [
    csp({ scriptSrc: ["'self'"], 'script-src': ["'self'"] }),
    'Content-Security-Policy received a duplicate directive "script-src"',
  ],
  [
    csp({ defaultSrc: null }),
    'Content-Security-Policy needs a default-src but it was set to `null`. If you really want to disable it, set it to `contentSecurityPolicy.dangerouslyDisableDefaultSrc`.',
  ],
  [
    csp({ scriptSrc: ["'self'"] }, { useDefaults: false }),
    'Content-Security-Policy needs a default-src but none was provided. If you really want to disable it, set it to `contentSecurityPolicy.dangerouslyDisableDefaultSrc`.',
  ],
  [csp({}, { useDefaults: false }), 'Content-Security-Policy has no directives. Either set some or disable the header'],
  [csp({ 'Script Src': ['a'] }), 'Content-Security-Policy received an invalid directive name "Script Src"'],
  [
    { hsts: { maxAge: -1 } },
    'Strict-Transport-Security: -1 is not a valid value for maxAge. Please choose a positive integer.',
  ],
  [
    { hsts: { maxage: 1 } },
    'Strict-Transport-Security received an unsupported property, `maxage`. Did you mean to pass `maxAge`?',
  ],
  [
    { hsts: true, strictTransportSecurity: true },
    'Strict-Transport-Security option was specified twice. Remove the `hsts` option to fix this error.',
  ],
  [
    { preset: 'strict', frameguard: true, xFrameOptions: true },
    'X-Frame-Options option was specified twice. Remove the `frameguard` option to fix this error.',
  ],
  [{ xFrameOptions: { action: 'allow-from' } }, 'X-Frame-Options received an invalid action "allow-from"'],
  [{ referrerPolicy: { policy: [] } }, 'Referrer-Policy received no policy tokens'],
  [{ crossOriginOpenerPolicy: { policy: 'x' } }, 'Cross-Origin-Opener-Policy does not support the "x" policy'],
])("%j is refused in helmet's own words", (options, message) => {
  const wrong = { name: 'OptionError', code: 'ERR_OPTION', option: 'securityHeaders', message }
  expect(() => securityHeaders(options)).toThrow(expect.objectContaining(wrong))
})

it('an option that is undefined counts as left out', () => {
  // @ts-expect-error wrong with exactOptionalPropertyTypes, common in JavaScript
  expect(() => securityHeaders({ hsts: undefined, strictTransportSecurity: true, nonce: undefined })).not.toThrow()
})

it('hooks cannot change a request, and so have no field for the nonce', () => {
  expect(() => securityHeadersHooks({ nonce: { header: 'x-nonce' } })).toThrow(
    'securityHeaders.nonce must be true or false with hooks, which cannot change a request, got {"header":"x-nonce"}',
  )
})

it('refuses a line break in a source, with the code of a wrong option', () => {
  const broken = { reportUri: '/csp\r\nx: y' }
  expect(() => securityHeaders(csp(broken) as object)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
})
