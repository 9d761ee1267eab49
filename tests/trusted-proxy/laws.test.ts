import { trustedProxy } from '@outerware/trusted-proxy'
import { get } from '../support/index.ts'
import { laws } from '../laws/index.ts'

laws('trustedProxy()', () => trustedProxy({ proxies: ['loopback'] }), {
  acts: (path, init) => get(path, { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }, init),
})
