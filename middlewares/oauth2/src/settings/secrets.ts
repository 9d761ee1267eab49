/**
 * Options that are secret: the one at the provider, and those of the cookies. No error shows them.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import { credential } from './checks.ts'

/** The site's secret at the provider. Left out it makes a public client; there but `undefined`, it is a variable that somebody forgot to set. */
export function clientSecretOf(given: { readonly clientSecret?: unknown }): string | undefined {
  return 'clientSecret' in given ? credential('oidc.clientSecret', given.clientSecret, true) : undefined
}

/** What seals the cookies: the first one, and what opens them: all. */
export function secretsOf(value: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (secrets.length === 0) throw new OptionError('oidc.secret', 'a secret or a list of them', value)
  return secrets.map((secret, index) => {
    if (typeof secret === 'string' && secret.length >= 32) return secret
    const option = Array.isArray(value) ? `oidc.secret[${index}]` : 'oidc.secret'
    throw new OptionError(option, 'a random string of 32 characters or more (openssl rand -base64 32)', secret, true)
  })
}
