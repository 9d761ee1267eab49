import { afterAll, expect, it } from '@jest/globals'
import { compose, errors, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import { exchange, get, listen, testContext, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

const failure = new Error('secret detail')
const throwing: App = () => {
  throw failure
}
const rejecting: App = () => Promise.reject(failure)
const silent = errors({ report: () => {} })

it.each([
  ['throws', throwing],
  ['rejects', rejecting],
])('lets the very same exception pass when the app %s', async (_name, app) => {
  let seen: unknown
  try {
    await securityHeaders()(app)(get(), testContext())
  } catch (error) {
    seen = error
  }
  expect(seen).toBe(failure)
})

it('throws in the same turn when the app does', () => {
  expect(() => securityHeaders()(throwing)(get(), testContext())).toThrow(failure)
})

it.each([
  ['throws', throwing],
  ['rejects', rejecting],
])('errors() answers with the whole set when the app %s', async (_name, app) => {
  const site = compose(silent, securityHeaders())
  const failed = await site(app)(get(), testContext())
  const fine = await site(() => new Response('hello'))(get(), testContext())
  expect(failed.status).toBe(500)
  expect(await failed.text()).not.toContain('secret')
  const ours = [...fine.headers].filter(([name]) => name !== 'content-type')
  expect([...failed.headers]).toEqual(expect.arrayContaining(ours))
})

it('the Node host answers with the set, each field once, also under two wrappers', async () => {
  const site = compose(securityHeaders(), securityHeaders({ xFrameOptions: { action: 'deny' } }))(throwing)
  const server = await listen(toNode(site, { onError: () => {} }))
  servers.push(server)
  const { text } = await exchange(server.port, 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 500 /)
  expect(text.match(/^x-frame-options: .*$/gim)).toEqual(['x-frame-options: DENY'])
  expect(text.match(/^content-security-policy: /gim)).toHaveLength(1)
})

const broken = { directives: { scriptSrc: [() => 'a;b'] } }

it('a policy whose function gives nonsense is an error, and its answer allows nothing', async () => {
  const site = compose(silent, securityHeaders({ contentSecurityPolicy: broken }))
  const response = await site(() => new Response('<script>hi</script>'))(get(), testContext())
  expect(response.status).toBe(500)
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'")
})

it('the app is heard first: its exception passes, not that of the policy', async () => {
  const site = securityHeaders({ contentSecurityPolicy: broken })(throwing)
  expect(() => site(get(), testContext())).toThrow(failure)
})

it('lets go of the body that it puts an error in the place of', async () => {
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true
    },
  })
  const site = compose(silent, securityHeaders({ contentSecurityPolicy: broken }))(() => new Response(body))
  await site(get(), testContext())
  expect(cancelled).toBe(true)
})
