import { securityHeaders } from '@outerware/security-headers'
import { laws } from '../laws/index.ts'

const adds = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
]
const respects = { 'x-frame-options': 'DENY', 'content-security-policy': "default-src 'none'" }

laws('securityHeaders()', () => securityHeaders(), { adds, respects })
laws('securityHeaders({ nonce: true })', () => securityHeaders({ nonce: true }), { adds, respects })
laws("securityHeaders({ preset: 'strict' })", () => securityHeaders({ preset: 'strict' }), { adds, respects })
