/**
 * Options of the place: where the site is, and where the gate's own pages are on it.
 *
 * @module
 */
import { OptionError, readPath } from '@outerware/core'
import type { Site } from '../login/return-to.ts'
import type { OidcOptions } from '../options/options.ts'
import { decodedPath, object, webAddress } from './checks.ts'

/** The gate's own paths, as `pathOf()` gives them. */
export interface Routes {
  readonly login: string
  readonly callback: string
  readonly logout: string
  readonly backchannelLogout: string
}

/** The site at that address. */
export function siteOf(value: unknown): Site {
  if (value === undefined || (typeof value === 'string' && !/^https?:\/\//i.test(value))) {
    // Never taken from the request, where a proxy, or whoever asks, may write what they like.
    const wanted =
      "the address by which browsers find this site, in front of all proxies, such as 'https://site.example'"
    throw new OptionError('oidc.baseURL', wanted, value)
  }
  const url = webAddress('oidc.baseURL', value)
  const path = url.pathname.replace(/\/+$/, '')
  const decoded = readPath(url.pathname)?.replace(/\/+$/, '')
  if (decoded === undefined)
    throw new OptionError('oidc.baseURL', 'a URL whose path can be read in one way only', url.href)
  return { origin: url.origin, path: decoded, home: `${url.origin}${path}/`, secure: url.protocol === 'https:' }
}

/** The gate's paths on it. */
export function routesOf(value: OidcOptions['routes'], site: Site): Routes {
  const given = object('oidc.routes', value, ['login', 'callback', 'logout', 'backchannelLogout'])
  const route = (name: keyof Routes, usual: string): string =>
    site.path + decodedPath(`oidc.routes.${name}`, given[name] ?? usual)
  const routes = {
    login: route('login', '/auth/login'),
    callback: route('callback', '/auth/callback'),
    logout: route('logout', '/auth/logout'),
    backchannelLogout: route('backchannelLogout', '/auth/backchannel-logout'),
  }
  if (new Set(Object.values(routes)).size < 4) throw new OptionError('oidc.routes', 'different paths', value)
  return routes
}
