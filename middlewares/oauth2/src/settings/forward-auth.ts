/**
 * Options of forward auth.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { Site } from '../login/return-to.ts'
import type { OidcOptions } from '../options/options.ts'
import { decodedPath, object, oneOf } from './checks.ts'
import type { Routes } from './place.ts'

/** How a proxy asks. */
export interface ForwardSettings {
  readonly proxy: 'nginx' | 'traefik'
  /** The path that it asks at, as `pathOf()` gives it. */
  readonly path: string
}

/** How proxies ask; `undefined` if none does. */
export function forwardAuthOf(
  value: OidcOptions['forwardAuth'],
  site: Site,
  routes: Routes,
): ForwardSettings | undefined {
  if (value === undefined) return undefined
  const given = object('oidc.forwardAuth', value, ['proxy', 'path'])
  const proxy = oneOf('oidc.forwardAuth.proxy', given.proxy, ['nginx', 'traefik'])
  const path = site.path + decodedPath('oidc.forwardAuth.path', given.path ?? '/auth/check')
  if (Object.values(routes).includes(path))
    throw new OptionError('oidc.forwardAuth.path', 'another path than the routes', path)
  return { proxy, path }
}
