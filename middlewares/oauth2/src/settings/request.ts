/**
 * Options of the authorization request.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { OidcOptions } from '../options/options.ts'
import { text } from './checks.ts'

/** What is asked for; OpenID Connect is by its scope. */
export function scopeOf(value: unknown = 'openid profile email', kind: 'oidc' | 'oauth2' = 'oidc'): string {
  const scope = text('oidc.scope', value)
  if (kind === 'oidc' && !scope.split(' ').includes('openid'))
    throw new OptionError('oidc.scope', 'a list, separated by spaces, with openid in it', scope)
  return scope
}

/** What belongs to the protocol, and what we do not speak: the code comes back by the query. */
const ownParams = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'dpop_jkt',
])

/** More parameters, none of those that the gate sets. */
export function paramsOf(value: OidcOptions['authorizationParams'] = {}): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null)
    throw new OptionError('oidc.authorizationParams', 'an object of strings', value)
  for (const [name, member] of Object.entries(value)) {
    const option = `oidc.authorizationParams.${name}`
    if (ownParams.has(name)) throw new OptionError(option, 'left out: the gate sets it itself', member)
    if (typeof member !== 'string') throw new OptionError(option, 'a string', member)
    if (name === 'max_age' && !/^\d+$/.test(member))
      throw new OptionError(option, 'a whole number of seconds, as a string', member)
  }
  return { ...value }
}
