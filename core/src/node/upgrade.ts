/**
 * WebSockets and other protocols through the same onion (RFC 9110, section 7.8): the host check, the gate and the
 * limits stand before an upgrade with no further code.
 *
 *     server 'upgrade' ─▶ wrappers ─▶ app ─▶ upgrade(accept) ─▶ back out ─▶ accept(req, socket, head)
 *                                       └─▶ any other Response ─▶ back out ─▶ sent on the socket, which then closes
 *
 * @module
 */
import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { isPromise } from '../after.ts'
import type { App } from '../app.ts'
import { UpgradeResponse } from '../upgrade.ts'
import { NodeContext, type Host } from './context.ts'
import { NodeRequest } from './request/request.ts'
import { addToHead } from './switching.ts'
import { answer, checkOptions, hostFor, refuse, type ToNodeOptions } from './to-node.ts'

/** What a Node server's `upgrade` event calls. */
export type UpgradeListener = (req: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Makes a listener for the `upgrade` event of a Node server. `serve()` has it already.
 *
 * An app that does not answer with `upgrade()` has not taken the offer: its answer goes out as to any request, and
 * the connection closes.
 *
 * @throws {@link OptionError} `toUpgrade`, when called with something else than an app
 * @example
 * const server = createServer(toNode(site)).on('upgrade', toUpgrade(site))
 */
export function toUpgrade(app: App, options: ToNodeOptions = {}): UpgradeListener {
  checkOptions('toUpgrade', app, options)
  return upgradeListenerFor(app, options, hostFor(options))
}

export function upgradeListenerFor(app: App, options: ToNodeOptions, host: Host): UpgradeListener {
  const native = options.request === 'native'
  return (req, socket, head) => {
    const res = new ServerResponse(req)
    res.shouldKeepAlive = false
    const leaving = watch(socket)
    assign(res, socket)
    res.once('finish', () => socket.end())
    const protocol = String(req.headers.upgrade).toLowerCase()
    const context = new NodeContext(req, res, host, { protocol, node: { socket, head } })
    const settle = (response: Response): void => {
      if (response instanceof UpgradeResponse) accept(response, context, leaving)
      else answer(context, response, undefined)
    }
    try {
      const request = new NodeRequest(req, res)
      const response = app(native ? request.native : request, context)
      if (isPromise(response)) response.then(settle, (error: unknown) => refuse(context, error, undefined))
      else settle(response)
    } catch (error) {
      refuse(context, error, undefined)
    }
  }
}

interface Leaving {
  /** The client has left, or will send no more: it gets no 101. */
  gone: boolean
  stop(): void
}

/** Who comes late to a socket misses `end`, so it is watched from the start. */
function watch(socket: Duplex): Leaving {
  const onGone = (): void => {
    leaving.gone = true
  }
  const onError = (): void => {
    leaving.gone = true
    socket.destroy()
  }
  const leaving = {
    gone: false,
    stop(): void {
      socket.off('error', onError).off('end', onGone).off('close', onGone)
    },
  }
  socket.on('error', onError).on('end', onGone).on('close', onGone)
  return leaving
}

function accept(response: UpgradeResponse, context: NodeContext, leaving: Leaving): void {
  const { req, res } = context.node
  const { socket, head } = context.upgrade?.node ?? {}
  if (socket === undefined || head === undefined) return
  if (leaving.gone) {
    socket.destroy()
    return
  }
  leaving.stop()
  res.removeAllListeners('finish')
  detach(res, socket)
  // The exchange ends with the socket, and so do its onFinish hooks.
  context.upgraded = true
  socket.once('close', () => res.emit('close'))
  if (response.list.length > 0) addToHead(socket, response.list)
  response.accept(req, socket, head)
}

function assign(res: ServerResponse, socket: Duplex): void {
  // oxlint-disable-next-line no-unsafe-type-assertion -- Node's types want a net.Socket, Node takes any Duplex
  res.assignSocket(socket as never)
}

function detach(res: ServerResponse, socket: Duplex): void {
  // oxlint-disable-next-line no-unsafe-type-assertion -- as above
  res.detachSocket(socket as never)
}
