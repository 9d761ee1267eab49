import { httpsRedirect } from '@outerware/https-redirect'
import { laws } from '../laws/index.ts'

laws('httpsRedirect()', () => httpsRedirect(), {
  passes: (path, init) => new Request(new URL(path, 'https://site.test'), init),
})
laws('httpsRedirect() with an exempt path', () => httpsRedirect({ exempt: ['/health'] }), {
  passes: (_path, init) => new Request('http://site.test/health', init),
  lets: '/health',
})
