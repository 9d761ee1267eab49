/**
 * The values behind the options: helmet's, and stricter ones.
 *
 * @module
 */
import { contentSecurityPolicy } from 'helmet'
import { nonceSource, type Source } from './directives.ts'
import type { SecurityHeadersOptions } from './options.ts'

/** The options with what the preset says where they are silent. */
export function withPreset(options: SecurityHeadersOptions): SecurityHeadersOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  if (options.preset !== 'strict') return given
  return {
    nonce: true,
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    // Under its older name it is given already, and helmet refuses two names for one header.
    ...(options.frameguard === undefined ? { xFrameOptions: { action: 'deny' } } : {}),
    ...given,
  }
}

/** The directives with which a policy begins, unless it wants none. */
export function presetDirectives({ preset, nonce }: SecurityHeadersOptions): Record<string, Iterable<Source>> {
  if (preset !== 'strict') return contentSecurityPolicy.getDefaultDirectives()
  return { ...strictDirectives, 'script-src': nonce ? strictScripts : ["'self'"] }
}

const strictDirectives = {
  'default-src': ["'none'"],
  'script-src': [],
  'style-src': ["'self'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'"],
  'manifest-src': ["'self'"],
  'media-src': ["'self'"],
  'worker-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'upgrade-insecure-requests': [],
}

// What follows 'strict-dynamic' is for browsers that do not know it; the others pass over it.
const strictScripts = [nonceSource, "'strict-dynamic'", 'https:', "'unsafe-inline'"]
