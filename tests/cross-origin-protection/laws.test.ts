import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { get } from '../support/index.ts'
import { laws } from '../laws/index.ts'

laws('crossOriginProtection()', () => crossOriginProtection())
laws('crossOriginProtection() with a bypass', () => crossOriginProtection({ bypass: ['/webhook'] }), {
  passes: (_path, init) => get('/webhook', { 'sec-fetch-site': 'cross-site' }, { method: 'POST', ...init }),
})
