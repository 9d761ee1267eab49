/**
 * Who it is that speaks to this server.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import { readAddress, unix } from './addresses.ts'

/**
 * Gives the peer's address, or `unix`.
 *
 * @returns `undefined` for nobody that is known. A client that has left already is such a one: it must not pass for
 *   one that never had an address
 */
export function peerOf({ ip, node }: Context): string | undefined {
  if (ip !== undefined) return readAddress(ip)
  return node !== undefined && isOfUnixSocket(node.req.socket) ? unix : undefined
}

/** By the server, which knows where it listens as long as it does; of a path its address is a text. */
function isOfUnixSocket(socket: object): boolean {
  const server: unknown = 'server' in socket ? socket.server : undefined
  return isServer(server) && typeof server.address() === 'string'
}

function isServer(value: unknown): value is { address(): unknown } {
  return typeof value === 'object' && value !== null && 'address' in value && typeof value.address === 'function'
}
