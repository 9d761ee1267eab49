/**
 * Switching protocols (RFC 9110, section 7.8): the one way to a 101.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { checkedList, LightResponse, type RespondInit } from './respond.ts'

/** Takes over the socket, as a listener of a Node server's `upgrade` event does. */
export type Accept = (req: IncomingMessage, socket: Duplex, head: Buffer) => void

/** See {@link upgrade}; for the hosts. */
export class UpgradeResponse extends LightResponse {
  readonly accept: Accept

  constructor(accept: Accept, list: string[]) {
    super(null, 101, list, '')
    this.accept = accept
  }
}

/**
 * Answers a request for another protocol: the host calls `accept` once the response has passed every wrapper.
 *
 * Headers that wrappers add on the way out reach the 101. A wrapper must give this object on as it is, changed in
 * place only: a copy is no upgrade any more.
 *
 * @throws TypeError for something else than a function, and for a field that HTTP does not allow
 * @example
 * if (context.upgrade) return upgrade((req, socket, head) => wss.handleUpgrade(req, socket, head, connected))
 */
export function upgrade(accept: Accept, init?: Pick<RespondInit, 'headers'>): Response {
  if (typeof accept !== 'function') throw new TypeError('upgrade takes a function (req, socket, head) => void')
  return new UpgradeResponse(accept, init?.headers === undefined ? [] : checkedList(init.headers))
}
