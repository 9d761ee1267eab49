/**
 * Addresses: who may speak for others.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import { BlockList, isIP, isIPv4 } from 'node:net'

/** Whoever may write to the Unix socket that the server listens on, where nobody has an address. */
export const unix = 'unix'

/** Ranges that have a name, as in Express. */
const named: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
  [unix, []],
])

/**
 * Makes the test of an address against a list.
 *
 * @param list addresses, ranges such as `10.0.0.0/8`, and the names `loopback`, `linklocal`, `uniquelocal` and `unix`
 * @throws {@link OptionError} `trustedProxy.proxies[0]` and so on, for what is none of these
 */
export function addressTest(list: readonly string[]): (address: string) => boolean {
  if (!Array.isArray(list)) {
    throw new OptionError('trustedProxy.proxies', "a list of addresses and ranges, such as ['10.0.0.0/8']", list)
  }
  const ranges = new BlockList()
  for (const [index, given] of list.entries()) {
    for (const range of named.get(given) ?? [given]) addRange(ranges, range, `trustedProxy.proxies[${index}]`)
  }
  // A site has few proxies, and a look into the ranges costs microseconds.
  const judged = new Map<string, boolean>()
  const trustsUnix = list.includes(unix)
  return (address) => {
    if (address === unix) return trustsUnix
    const known = judged.get(address)
    if (known !== undefined) return known
    if (judged.size === judgedAtMost) judged.clear()
    const isListed = ranges.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
    judged.set(address, isListed)
    return isListed
  }
}

const judgedAtMost = 1000

function addRange(ranges: BlockList, range: string, option: string): void {
  const wrong = (): OptionError =>
    new OptionError(
      option,
      "an address, a range such as '10.0.0.0/8', 'loopback', 'linklocal', 'uniquelocal' or 'unix'",
      range,
    )
  if (typeof range !== 'string') throw wrong()
  const [address = '', prefix, ...more] = range.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) throw wrong()
  const longest = version === 6 ? 128 : 32
  const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  // A range of length 0 is everybody, and everybody may then say anything.
  if (bits < 1 || bits > longest) throw wrong()
  ranges.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4')
}

/**
 * Reads the address of a hop: with a port or without, IPv6 in brackets or not, however long it is spelt; an IPv4 address
 * in the clothes of IPv6 (`::ffff:192.0.2.1`) comes out plain.
 *
 * @returns each address in one spelling (RFC 5952, section 4); `undefined` for what is no address: `unknown`, `_hidden`
 *   (RFC 7239, section 6)
 */
export function readAddress(hop: string): string | undefined {
  if (isIPv4(hop)) return hop
  const address = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop)?.[1] ?? /^([\d.]+)(?::\d{1,5})?$/.exec(hop)?.[1] ?? hop
  if (isIPv4(address)) return address
  // A zone says where a link-local address holds; it is nobody's business further away.
  return isIP(address) === 0 || address.includes('%') ? undefined : undressed(shortest(address))
}

/** As a URL spells it: in lower case, with no leading zeros, and the longest run of zeros left out. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}

/** `::ffff:c000:201` is 192.0.2.1, too; any other address stays as it is. */
function undressed(address: string): string {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address) ?? []
  if (high === undefined || low === undefined) return address
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]).join('.')
}
