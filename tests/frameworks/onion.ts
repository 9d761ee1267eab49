/**
 * Every server of this process behind wrappers.
 *
 * The `request` event is where all frameworks meet: whatever listens to it, and however it was put there, is called
 * through one onion for each request. `listeners()`, `removeListener()` and the like see the listeners as they are.
 *
 * @module
 */
import type { EventEmitter } from 'node:events'
import * as http from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import * as http2 from 'node:http2'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import type { Wrapper } from '@outerware/core'
import { fromNode, toNode, toUpgrade } from '@outerware/core/node'

/** All that an onion is asked with; the rest of an event's arguments depend on its name. */
type Emit = (this: EventEmitter, name: string | symbol, ...args: any[]) => boolean

/** Events with a `(req, res)`: a server that listens to the latter two gets them instead of `request`. */
const exchanges = new Set<string | symbol>(['request', 'checkContinue', 'checkExpectation'])

/** What a server that throws in its listener dies of when bare is answered here; the suites tell whether they mind. */
const onError = (): void => {}

/**
 * @param count hears of each exchange that goes through the wrapper
 * @returns what takes it back
 */
export function wrapServers(wrapper: Wrapper, count: () => void): () => void {
  // The two of http2 are classes that it does not export.
  const servers: EventEmitter[] = [http2.createServer(), http2.createSecureServer()]
  const prototypes = [http.Server.prototype, https.Server.prototype, ...servers.map(Object.getPrototypeOf)]
  const undo = prototypes.map((prototype) => wrapEmit(prototype, wrapper, count))
  return () => undo.forEach((each) => each())
}

function wrapEmit(prototype: EventEmitter, wrapper: Wrapper, count: () => void): () => void {
  const emit: Emit = prototype.emit
  const wrapped: Emit = function (name, ...args) {
    if (this.listenerCount(name) > 0) {
      if (exchanges.has(name)) {
        count()
        const [req, res]: [IncomingMessage, ServerResponse] = [args[0], args[1]]
        toNode(wrapper(fromNode(inner(this, name, emit))), { onError })(req, res)
        return true
      }
      if (name === 'upgrade') {
        count()
        const [req, socket, head]: [IncomingMessage, Duplex, Buffer] = [args[0], args[1], args[2]]
        const upgrade = (...given: unknown[]): void => void emit.call(this, name, ...given)
        toUpgrade(wrapper(fromNode(inner(this, 'request', emit), { upgrade })), { onError })(req, socket, head)
        return true
      }
    }
    return emit.call(this, name, ...args)
  }
  prototype.emit = wrapped
  return () => {
    prototype.emit = emit
  }
}

/** One listener is called as `fromNode()` calls it in a site: what it returns is seen. Several share the event. */
function inner(server: EventEmitter, name: string | symbol, emit: Emit): RequestListener {
  return (req, res) => {
    const [only, ...others] = server.rawListeners(name)
    if (only === undefined || others.length > 0) return void emit.call(server, name, req, res)
    return only.call(server, req, res)
  }
}
