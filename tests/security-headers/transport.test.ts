import { expect, it } from '@jest/globals'
import { derive } from '@outerware/core'
import { securityHeaders, type SecurityHeadersOptions } from '@outerware/security-headers'
import { contentSecurityPolicy } from 'helmet'
import { get, hello, testContext } from '../support/index.ts'

async function fields(url: string, options: SecurityHeadersOptions = {}): Promise<Headers> {
  const response = await securityHeaders(options)(hello)(new Request(url), testContext())
  return response.headers
}

const hsts = 'max-age=31536000; includeSubDomains'

it('sends Strict-Transport-Security over https and never over http (RFC 6797, 7.2)', async () => {
  expect((await fields('https://site.test/')).get('strict-transport-security')).toBe(hsts)
  expect((await fields('http://site.test/')).has('strict-transport-security')).toBe(false)
})

it('sends upgrade-insecure-requests over https only, and the rest of the policy always', async () => {
  const secure = (await fields('https://site.test/')).get('content-security-policy')
  expect(secure).toMatch(/;upgrade-insecure-requests$/)
  expect((await fields('http://localhost:3000/')).get('content-security-policy')).toBe(
    secure?.replace(';upgrade-insecure-requests', ''),
  )
})

it('sends no policy over http when nothing but upgrade-insecure-requests is in it', async () => {
  const options = {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: contentSecurityPolicy.dangerouslyDisableDefaultSrc,
        upgradeInsecureRequests: [],
      },
      useDefaults: false,
    },
  } as const
  expect((await fields('https://site.test/', options)).get('content-security-policy')).toBe('upgrade-insecure-requests')
  expect((await fields('http://site.test/', options)).has('content-security-policy')).toBe(false)
})

it.each(['hsts', 'strictTransportSecurity'])('%s.overHttp sends both always, as helmet does', async (name) => {
  const headers = await fields('http://site.test/', { [name]: { maxAge: 60, overHttp: true } })
  expect(headers.get('strict-transport-security')).toBe('max-age=60; includeSubDomains')
  expect(headers.get('content-security-policy')).toMatch(/;upgrade-insecure-requests$/)
})

it('goes by the url that a wrapper further out has derived', async () => {
  const site = securityHeaders()(hello)
  const response = await site(derive(get(), { url: 'https://site.test/' }), testContext())
  expect(response.headers.get('strict-transport-security')).toBe(hsts)
})
