/**
 * The fields by which proxies tell whom they speak for, and by which clients would like to.
 *
 * @module
 */
import { OptionError } from '@outerware/core'

/** Fields that can be trusted. The first four are read; the others are only left for the app. */
export type ForwardedHeader = (typeof known)[number]

const known = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-by',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-protocol',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-uri',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
  'x-url-scheme',
  'cf-connecting-ip',
  'fastly-client-ip',
  'front-end-https',
  'true-client-ip',
] as const

/** What a site trusts, and what it does not. */
export interface Trust {
  readonly headers: ReadonlySet<ForwardedHeader>
  /** All fields of the kind. */
  readonly all: ReadonlySet<string>
  /** Those that are not trusted. */
  readonly others: ReadonlySet<string>
}

/**
 * @throws {@link OptionError} `trustedProxy.headers`, for unknown names, none, or two ways of saying the same
 */
export function readTrust(names: readonly ForwardedHeader[]): Trust {
  if (!Array.isArray(names) || names.length === 0) {
    throw new OptionError('trustedProxy.headers', 'a list of at least one header', names)
  }
  for (const [index, name] of names.entries()) {
    if (!known.includes(name))
      throw new OptionError(`trustedProxy.headers[${index}]`, `one of ${known.join(', ')}`, name)
  }
  const headers = new Set(names)
  if (headers.has('forwarded') && known.slice(1, 4).some((name) => headers.has(name))) {
    throw new OptionError(
      'trustedProxy.headers',
      "either 'forwarded' or 'x-forwarded-…': who is right if they differ?",
      names,
    )
  }
  return { headers, all: new Set(known), others: new Set(known.filter((name) => !headers.has(name))) }
}
