import { expect, it } from '@jest/globals'
import { respond } from '@outerware/core'
import { securityHeaders, type SecurityHeadersOptions } from '@outerware/security-headers'
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js'
import { Severity } from 'csp_evaluator/dist/finding.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { testContext } from '../support/index.ts'

async function fields(options: SecurityHeadersOptions, url = 'https://site.test/'): Promise<Headers> {
  const response = await securityHeaders(options)(() => respond('hello'))(new Request(url), testContext())
  return response.headers
}

function findings(policy: string | null): string[] {
  const { csp } = new CspParser(policy ?? '')
  const all = new CspEvaluator(csp).evaluate().map((f) => `${Severity[f.severity]} ${f.directive}: ${f.description}`)
  // Of severity NONE are remarks that newer browsers pass over what is there for older ones.
  return all.filter((finding) => !finding.startsWith('NONE script-src: '))
}

it("Google's csp_evaluator has nothing to say about 'strict'", async () => {
  expect(findings((await fields({ preset: 'strict' })).get('content-security-policy'))).toEqual([])
})

it('the evaluator has a say, and finds what the default lets pass', async () => {
  expect(findings((await fields({})).get('content-security-policy'))).not.toEqual([])
})

it('allows nothing but what the site itself serves, and scripts with the nonce', async () => {
  const headers = await fields({ preset: 'strict' })
  expect(
    headers
      .get('content-security-policy')
      ?.replace(/nonce-[^']+/g, 'nonce-N')
      .split(';'),
  ).toEqual([
    "default-src 'none'",
    "script-src 'nonce-N' 'strict-dynamic' https: 'unsafe-inline'",
    "style-src 'self' 'nonce-N'",
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "manifest-src 'self'",
    "media-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'upgrade-insecure-requests',
  ])
  expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('x-frame-options')).toBe('DENY')
})

it('what is given has the say over it', async () => {
  const headers = await fields({
    preset: 'strict',
    nonce: false,
    crossOriginEmbedderPolicy: false,
    frameguard: { action: 'sameorigin' },
    contentSecurityPolicy: { directives: { imgSrc: ['https:'], frameAncestors: ["'self'"] } },
  })
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain('img-src https:;')
  expect(policy).toContain("frame-ancestors 'self';")
  expect(policy).not.toContain('nonce')
  expect(headers.has('cross-origin-embedder-policy')).toBe(false)
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
})
