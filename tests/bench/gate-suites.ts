/** The signed-in request: what the gate adds to a stack, and what others add. */
import type { Suite } from './suite.ts'

const signedIn = { path: '/', signIn: '/sign-in' } as const

export const gateSuites: readonly Suite[] = [
  {
    ...signedIn,
    title: 'A signed-in request to a Fetch app, against the same without the gate',
    baseline: 'Fetch app, no gate',
    servers: [
      { name: 'Fetch app, oidc()', floor: 0.89 },
      { name: 'Fetch app, oidc() with memoryStore()' },
      { name: 'Fetch app, oidc() that keeps nothing', floor: 0.48 },
    ],
  },
  {
    ...signedIn,
    title: 'A signed-in request to a Node listener, against the same without the gate',
    baseline: 'Node listener, no gate',
    servers: [{ name: 'Node listener, oidc()', floor: 0.87 }],
  },
  {
    ...signedIn,
    title: 'A signed-in request to Express, against the same without the gate',
    baseline: 'Express, no gate',
    servers: [{ name: 'Express, oidc()', floor: 0.95 }, { name: 'Express, oidc() with memoryStore()' }],
  },
  {
    ...signedIn,
    title: 'A signed-in request to Express, against express-openid-connect',
    baseline: 'Express, express-openid-connect',
    servers: [{ name: 'Express, oidc()', floor: 3.3 }],
  },
  {
    ...signedIn,
    title: 'A signed-in request to Express with a store, against express-openid-connect',
    baseline: 'Express, express-openid-connect with a store',
    servers: [{ name: 'Express, oidc() with memoryStore()', floor: 1.8 }],
  },
  {
    ...signedIn,
    title: 'A signed-in request to a Fetch app, against Hono with @hono/oidc-auth',
    baseline: 'Hono, @hono/oidc-auth',
    servers: [{ name: 'Fetch app, oidc()', floor: 3.5 }],
  },
]
