/**
 * The client, as the trusted proxies tell of it.
 *
 * Every proxy adds to the right of what it was sent, so the fields are read from the right, as far as the hops are
 * trusted ones. What stands further left came from outside and proves nothing.
 *
 *     X-Forwarded-For: a lie, 203.0.113.9, 10.0.0.2        peer 10.0.0.1
 *                             the client ◀─ trusted ◀────── trusted
 *
 * @module
 */
import { parseHost } from '@outerware/core/headers'
import { readAddress } from './addresses.ts'
import { parseForwarded } from './forwarded.ts'
import type { Trust } from './headers.ts'

/** What is known of a client. */
export interface Client {
  /** `undefined` where the last trusted proxy does not know it, or hides it. */
  readonly ip: string | undefined
  readonly scheme: 'http' | 'https' | undefined
  readonly host: string | undefined
  /** The fields with no more in them than what is known. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

type AddressTest = (address: string) => boolean

/**
 * Reads the trusted fields.
 *
 * @param peer the address of the nearest proxy, which is the client's where no field tells of another
 * @returns `undefined` if one of them cannot be read
 */
export function readClient(headers: Headers, trust: Trust, peer: string, isTrusted: AddressTest): Client | undefined {
  return trust.headers.has('forwarded')
    ? readForwarded(headers.get('forwarded') ?? '', peer, isTrusted)
    : readLists(headers, trust, peer, isTrusted)
}

function readForwarded(field: string, peer: string, isTrusted: AddressTest): Client | undefined {
  const all = parseForwarded(field)
  if (all === undefined) return undefined
  const { ip, hops } = walk(
    all.map(({ parameters }) => parameters.get('for') ?? 'unknown'),
    peer,
    isTrusted,
  )
  const known = all.slice(-hops)
  const say = (name: string): string | undefined =>
    known.find(({ parameters }) => parameters.has(name))?.parameters.get(name)
  const fields: Client['fields'] = all.length === 0 ? [] : [['forwarded', known.map(({ text }) => text).join(', ')]]
  return settle(ip, say('proto'), say('host'), fields)
}

function readLists(headers: Headers, trust: Trust, peer: string, isTrusted: AddressTest): Client | undefined {
  const list = (name: 'x-forwarded-for' | 'x-forwarded-proto' | 'x-forwarded-host'): string[] =>
    trust.headers.has(name) ? members(headers.get(name) ?? '') : []
  const chain = list('x-forwarded-for')
  const { ip, hops } = walk(chain, peer, isTrusted)
  // A proxy adds to these lists, or begins them anew: as many hops from the right, or as far as there are any.
  const [proto, host] = [list('x-forwarded-proto'), list('x-forwarded-host')].map(
    (said) => said[Math.max(0, said.length - hops)],
  )
  const fields: [string, string][] = []
  if (chain.length > 0) fields.push(['x-forwarded-for', chain.slice(-hops).join(', ')])
  if (proto !== undefined) fields.push(['x-forwarded-proto', proto])
  if (host !== undefined) fields.push(['x-forwarded-host', host])
  return settle(ip, proto, host, fields)
}

/** Goes from the nearest hop outward, to the first that is not trusted; `hops` counts that one too. */
function walk(
  chain: readonly string[],
  peer: string,
  isTrusted: AddressTest,
): { ip: string | undefined; hops: number } {
  let ip: string | undefined = peer
  let hops = 0
  while (hops < chain.length && ip !== undefined && isTrusted(ip)) {
    hops++
    ip = readAddress(chain[chain.length - hops]!)
  }
  return { ip, hops: Math.max(1, hops) }
}

function settle(
  ip: string | undefined,
  proto: string | undefined,
  host: string | undefined,
  fields: Client['fields'],
): Client | undefined {
  const scheme = proto === undefined ? undefined : schemes.get(proto.toLowerCase())
  const read = host === undefined ? undefined : parseHost(host)
  if ((proto !== undefined && scheme === undefined) || (host !== undefined && read === undefined)) return undefined
  const port = read?.port === undefined ? '' : `:${read.port}`
  return { ip, scheme, host: read && `${read.name}${port}`, fields }
}

const schemes: ReadonlyMap<string, 'http' | 'https'> = new Map([
  ['http', 'http'],
  ['ws', 'http'],
  ['https', 'https'],
  ['wss', 'https'],
])

function members(field: string): string[] {
  return field
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
}
