/**
 * The guarded responses of a connection: Node's own `_httpMessage` would tell which of them is being written.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const onSocket = new WeakMap<Socket, Set<ServerResponse>>()

/** Remembers a response until it has ended. */
export function register(res: ServerResponse): void {
  const { socket } = res.req
  const all = onSocket.get(socket) ?? new Set()
  onSocket.set(socket, all.add(res))
  res.once('close', () => void all.delete(res))
}

/** The guarded response that is being written on a socket: Node gives each of them its socket in turn. */
export function guardedOn(socket: Socket): ServerResponse | undefined {
  for (const res of onSocket.get(socket) ?? []) if (res.socket === socket) return res
  return undefined
}
