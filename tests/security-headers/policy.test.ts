import { expect, it } from '@jest/globals'
import { securityHeaders, type SecurityHeadersOptions } from '@outerware/security-headers'
import { get, hello, testContext } from '../support/index.ts'

async function fields(options: SecurityHeadersOptions, request = get()): Promise<Headers> {
  const response = await securityHeaders(options)(hello)(request, testContext())
  return response.headers
}

it('sends an enforced and a reported policy together', async () => {
  const headers = await fields({
    contentSecurityPolicy: { directives: { imgSrc: ["'self'"] } },
    contentSecurityPolicyReportOnly: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], reportTo: 'csp' },
    },
  })
  expect(headers.get('content-security-policy')).toContain("img-src 'self';")
  expect(headers.get('content-security-policy-report-only')).toBe("default-src 'none';report-to csp")
})

it('contentSecurityPolicyReportOnly: true reports by the preset, and enforces it still', async () => {
  const headers = await fields({ contentSecurityPolicyReportOnly: true })
  const enforced = headers.get('content-security-policy')
  expect(enforced).toMatch(/^default-src 'self';/)
  expect(headers.get('content-security-policy-report-only')).toBe(enforced)
})

it('calls functions in directives for each response', async () => {
  let count = 0
  const site = securityHeaders({
    contentSecurityPolicy: { directives: { imgSrc: [() => `https://${++count}.example`] } },
  })(hello)
  const first = await site(get(), testContext())
  const second = await site(get(), testContext())
  expect(first.headers.get('content-security-policy')).toContain('img-src https://1.example;')
  expect(second.headers.get('content-security-policy')).toContain('img-src https://2.example;')
})

it('functions see a small view of the request where there is no Node pair', async () => {
  const headers = await fields(
    {
      contentSecurityPolicy: {
        directives: {
          imgSrc: [(req) => `https://${String(req.headers['x-tenant'])}.example${req.url?.split('?')[0]}`],
        },
      },
    },
    get('/a/b?c', { 'x-tenant': 'blue' }),
  )
  expect(headers.get('content-security-policy')).toContain('img-src https://blue.example/a/b;')
})

it('calls no function for a response that has its own policy', async () => {
  const site = securityHeaders({
    contentSecurityPolicy: {
      directives: {
        imgSrc: [
          () => {
            throw new Error('called')
          },
        ],
      },
    },
  })(() => new Response('hello', { headers: { 'content-security-policy': "default-src 'none'" } }))
  const response = await site(get(), testContext())
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'")
})

it('reads an iterator once, when the wrapper is made', async () => {
  function* sources(): Generator<string> {
    yield "'self'"
    yield 'https:'
  }
  const site = securityHeaders({ contentSecurityPolicy: { directives: { imgSrc: sources() } } })(hello)
  for (let i = 0; i < 2; i++) {
    const response = await site(get(), testContext())
    expect(response.headers.get('content-security-policy')).toContain("img-src 'self' https:;")
  }
})
