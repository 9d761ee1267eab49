/** What a package is tried with: the same lines run as ESM and as CommonJS, and are checked as TypeScript. */
export interface Use {
  readonly package: string
  /** What is imported, by module. */
  readonly names: Readonly<Record<string, readonly string[]>>
  readonly lines: string
  readonly prints: string
}

const core = '@outerware/core'
const node = '@outerware/core/node'

/** Serves a site, and prints what one request gets. */
const ask = (headers = {}, method = 'GET'): string => `
const init: RequestInit = ${JSON.stringify({ method, headers, redirect: 'manual' })}
serve(site, { port: 0, hostname: '127.0.0.1' }).then(async ({ url, stop }) => {
  const response = await fetch(url + '/site.css', init)
  console.log(print(response, await response.text()))
  await stop()
})`

export const uses: readonly Use[] = [
  {
    package: core,
    names: {
      [core]: ['compose', 'editHeaders', 'fromHooks'],
      [node]: ['fromNode', 'serve'],
      [`${core}/headers`]: ['weaken'],
    },
    lines: `
const tag = fromHooks({ response: (response) => editHeaders(response, (headers) => headers.set('etag', weaken('"1"'))) })
const site = compose(tag)(fromNode((req, res) => res.end('hello from ' + req.url)))
const print = (response: Response, text: string) => [response.headers.get('etag'), text].join(' ')
${ask()}`,
    prints: 'W/"1" hello from /site.css',
  },
  {
    package: '@outerware/static',
    names: { '@outerware/static': ['staticFiles'], [node]: ['serve'] },
    lines: `
const site = staticFiles('public')(() => new Response('the app', { status: 404 }))
const print = (response: Response, text: string) => [response.status, response.headers.get('content-type'), text].join(' ')
${ask()}`,
    prints: '200 text/css; charset=utf-8 body { color: teal }',
  },
  {
    package: '@outerware/oauth2',
    names: { '@outerware/oauth2': ['oidc'], '@outerware/oauth2/redis': ['redisStore'], [node]: ['serve'] },
    lines: `
const site = oidc({
  issuer: 'https://issuer.test',
  clientId: 'a',
  clientSecret: 'b',
  baseURL: 'http://localhost:3000',
  secret: 'a secret of 32 characters or more',
  session: { store: redisStore({ sendCommand: async () => null }) },
})((request, context) => new Response('for ' + context.auth.sub))
const print = (response: Response, _text: string) => String(response.status)
${ask({ accept: 'application/json' })}`,
    prints: '401',
  },
  {
    package: '@outerware/security-headers',
    names: { '@outerware/security-headers': ['securityHeaders'], [node]: ['serve'] },
    lines: `
const site = securityHeaders()(() => new Response('hello'))
const print = (response: Response, text: string) => [response.headers.get('x-content-type-options'), text].join(' ')
${ask()}`,
    prints: 'nosniff hello',
  },
  {
    package: '@outerware/compression',
    names: { '@outerware/compression': ['compression'], [node]: ['serve'] },
    lines: `
const site = compression()(() => new Response('hello '.repeat(1000)))
const print = (response: Response, text: string) => [response.headers.get('content-encoding'), text.length].join(' ')
${ask({ 'accept-encoding': 'gzip' })}`,
    prints: 'gzip 6000',
  },
  {
    package: '@outerware/https-redirect',
    names: { '@outerware/https-redirect': ['httpsRedirect'], [node]: ['serve'] },
    lines: `
const site = httpsRedirect({ host: 'site.example' })(() => new Response('hello'))
const print = (response: Response, _text: string) => [response.status, response.headers.get('location')].join(' ')
${ask()}`,
    prints: '301 https://site.example/site.css',
  },
  {
    package: '@outerware/allowed-hosts',
    names: { '@outerware/allowed-hosts': ['allowedHosts'], [node]: ['serve'] },
    lines: `
const site = allowedHosts(['site.example'])(() => new Response('hello'))
const print = (response: Response, _text: string) => String(response.status)
${ask()}`,
    prints: '400',
  },
  {
    package: '@outerware/cross-origin-protection',
    names: { '@outerware/cross-origin-protection': ['crossOriginProtection'], [node]: ['serve'] },
    lines: `
const site = crossOriginProtection()(() => new Response('hello'))
const print = (response: Response, _text: string) => String(response.status)
${ask({ origin: 'https://evil.example' }, 'POST')}`,
    prints: '403',
  },
  {
    package: '@outerware/trusted-proxy',
    names: { '@outerware/trusted-proxy': ['trustedProxy'], [node]: ['serve'] },
    lines: `
const site = trustedProxy({ proxies: ['loopback'] })((_request, context) => new Response(context.ip ?? 'nobody'))
const print = (_response: Response, text: string) => text
${ask({ 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' })}`,
    prints: '192.0.2.1',
  },
]
