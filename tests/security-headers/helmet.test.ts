import { afterAll, expect, it } from '@jest/globals'
import { fromNode, toNode } from '@outerware/core/node'
import { securityHeaders, type SecurityHeadersOptions } from '@outerware/security-headers'
import express from 'express'
import helmet, { contentSecurityPolicy, type HelmetOptions } from 'helmet'
import { listen, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

async function fieldsOf(handler: Parameters<typeof listen>[0], path = '/'): Promise<Record<string, string>> {
  const server = await listen(handler)
  servers.push(server)
  const response = await fetch(server.url + path)
  await response.arrayBuffer()
  const { date: _date, ...fields } = Object.fromEntries(response.headers)
  return fields
}

function site(): express.Express {
  const app = express()
  app.get('/', (_req, res) => void res.send('hello'))
  return app
}

const withHelmet = (options: HelmetOptions) => express().use(helmet(options), site().disable('x-powered-by'))
const withOurs = (options: SecurityHeadersOptions) => toNode(securityHeaders(options)(fromNode(site())))

const always = { hsts: { overHttp: true } } as const

it.each<[string, HelmetOptions, SecurityHeadersOptions]>([
  ['the defaults', {}, always],
  [
    'every header with an option of its own',
    {
      contentSecurityPolicy: { directives: { scriptSrc: ["'self'", 'https://cdn.example'], 'style-src': null } },
      crossOriginEmbedderPolicy: { policy: 'credentialless' },
      crossOriginOpenerPolicy: { policy: 'noopener-allow-popups' },
      crossOriginResourcePolicy: { policy: 'same-site' },
      referrerPolicy: { policy: ['no-referrer', 'same-origin'] },
      strictTransportSecurity: { maxAge: 60, includeSubDomains: false, preload: true },
      xDnsPrefetchControl: { allow: true },
      xFrameOptions: { action: 'deny' },
      xPermittedCrossDomainPolicies: { permittedPolicies: 'all' },
    },
    { strictTransportSecurity: { overHttp: true } },
  ],
  ['a policy that is only reported', { contentSecurityPolicy: { reportOnly: true } }, always],
  [
    'a policy without defaults, and without default-src',
    {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: contentSecurityPolicy.dangerouslyDisableDefaultSrc,
          imgSrc: new Set(['https:']),
          upgradeInsecureRequests: [],
        },
      },
    },
    always,
  ],
  [
    'functions in a policy',
    { contentSecurityPolicy: { directives: { scriptSrc: ["'self'", (req) => `https://${req.method}.example`] } } },
    always,
  ],
  [
    'the older names',
    {
      dnsPrefetchControl: { allow: true },
      frameguard: { action: 'deny' },
      hsts: { maxAge: 1 },
      ieNoOpen: false,
      noSniff: false,
      permittedCrossDomainPolicies: { permittedPolicies: 'all' },
      xssFilter: false,
    },
    { hsts: { maxAge: 1, overHttp: true } },
  ],
  [
    'all switched off',
    {
      contentSecurityPolicy: false,
      crossOriginOpenerPolicy: false,
      crossOriginResourcePolicy: false,
      originAgentCluster: false,
      referrerPolicy: false,
      strictTransportSecurity: false,
      xContentTypeOptions: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xFrameOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    },
    {},
  ],
])('sends what helmet sends on Express, value for value: %s', async (_name, theirs, more) => {
  const ours = await fieldsOf(withOurs(merged(theirs, more)))
  expect(ours).toEqual(await fieldsOf(withHelmet(theirs)))
})

it('knows all of helmet by name: twelve headers by default', async () => {
  const bare = await fieldsOf(site().disable('x-powered-by'))
  const ours = await fieldsOf(withOurs(always))
  expect(Object.keys(ours).filter((name) => !(name in bare))).toHaveLength(12)
})

it('leaves X-Powered-By where helmet leaves it: with xPoweredBy or hidePoweredBy false', async () => {
  expect(await fieldsOf(withOurs({ xPoweredBy: false }))).toHaveProperty('x-powered-by', 'Express')
  expect(await fieldsOf(withOurs({ hidePoweredBy: false }))).toHaveProperty('x-powered-by', 'Express')
  expect(await fieldsOf(withOurs({}))).not.toHaveProperty('x-powered-by')
})

function merged(theirs: HelmetOptions, more: SecurityHeadersOptions): SecurityHeadersOptions {
  const options: Record<string, unknown> = { ...theirs }
  for (const [name, value] of Object.entries(more)) options[name] = Object.assign({}, options[name], value)
  return options
}
