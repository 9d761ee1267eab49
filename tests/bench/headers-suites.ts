/** What is compared in headers: that a set of them is one loop, and that who only looks at a request is hardly there. */
import type { Suite } from './suite.ts'

const proxied = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }

export const headersSuites: readonly Suite[] = [
  {
    title: 'Headers: the set over a Fetch app, against bare writeHead with the same fields',
    path: '/',
    baseline: 'headers, bare writeHead',
    servers: [
      { name: 'securityHeaders()', floor: 0.85 },
      { name: 'securityHeaders() with a nonce' },
      { name: 'securityHeaders(), strict' },
      { name: 'headers, Hono secureHeaders' },
    ],
  },
  {
    title: 'Headers: the set over Express, against Express + helmet',
    path: '/',
    baseline: 'headers, Express + helmet',
    servers: [{ name: 'securityHeaders() over Express', floor: 1 }],
  },
  {
    title: 'Headers: those that look at a request, against none',
    path: '/',
    baseline: 'fetch through 0',
    servers: [
      { name: 'allowedHosts()' },
      { name: 'crossOriginProtection()' },
      { name: 'httpsRedirect(), exempt' },
      { name: 'trustedProxy(), no proxy' },
      { name: 'all four', floor: 0.9 },
    ],
  },
  {
    title: 'Headers: the same behind a proxy that says https, against none',
    path: '/',
    headers: proxied,
    baseline: 'fetch through 0',
    servers: [{ name: 'trustedProxy(), a proxy' }, { name: 'all four and securityHeaders(), behind a proxy' }],
  },
]
