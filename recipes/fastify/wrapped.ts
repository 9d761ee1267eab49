/**
 * Fastify makes its server by a function, if it is given one: the place to put wrappers around all of it.
 *
 * @module
 */
import { createServer } from 'node:http'
import type { App, Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import type { FastifyServerFactory } from 'fastify'

/** Makes a `serverFactory` of a wrapper. What Fastify would have written on the socket passes the wrapper first. */
export function wrapped(wrapper: Wrapper): FastifyServerFactory {
  return (fastify) => {
    const inside: App = fromNode((req, res) => fastify(req, res))
    return createServer(toNode(wrapper(inside)))
  }
}
