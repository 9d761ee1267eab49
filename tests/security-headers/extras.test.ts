import { expect, it } from '@jest/globals'
import {
  clearSiteData,
  securityHeaders,
  type PermissionsPolicy,
  type SecurityHeadersOptions,
} from '@outerware/security-headers'
import { get, hello, testContext } from '../support/index.ts'

it.each<[PermissionsPolicy, string]>([
  [{ camera: false }, 'camera=()'],
  [{ camera: [] }, 'camera=()'],
  [{ fullscreen: 'self' }, 'fullscreen=(self)'],
  [{ pictureInPicture: '*' }, 'picture-in-picture=*'],
  [{ geolocation: ['self', 'https://maps.example'] }, 'geolocation=(self "https://maps.example")'],
  [{ syncXhr: false, usb: ['https://*.maps.example:8443'] }, 'sync-xhr=(), usb=("https://*.maps.example:8443")'],
])('permissionsPolicy %j is written %s', async (permissionsPolicy, value) => {
  const { headers } = await securityHeaders({ permissionsPolicy })(hello)(get(), testContext())
  expect(headers.get('permissions-policy')).toBe(value)
})

it('reportingEndpoints are written as a dictionary of strings', async () => {
  const reportingEndpoints = { csp: '/reports?kind=csp', default: 'https://reports.example/all?a=\\' }
  const { headers } = await securityHeaders({ reportingEndpoints })(hello)(get(), testContext())
  expect(headers.get('reporting-endpoints')).toBe(
    'csp="/reports?kind=csp", default="https://reports.example/all?a=\\\\"',
  )
})

it.each<SecurityHeadersOptions>([
  {},
  { permissionsPolicy: false, reportingEndpoints: false },
  { permissionsPolicy: {}, reportingEndpoints: {} },
])('sends neither for %j', async (options) => {
  const { headers } = await securityHeaders(options)(hello)(get(), testContext())
  expect(headers.has('permissions-policy')).toBe(false)
  expect(headers.has('reporting-endpoints')).toBe(false)
})

it('clearSiteData writes quoted kinds', () => {
  expect(clearSiteData(['cookies', 'storage'])).toBe('"cookies", "storage"')
  expect(clearSiteData(['*'])).toBe('"*"')
})

it.each([[[]], [['cookie']], ['cookies'], [undefined]])('clearSiteData refuses %j', (data) => {
  // @ts-expect-error wrong on purpose
  expect(() => clearSiteData(data)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
})
