/**
 * `server.close()` sweeps connections that are idle: Node takes one whose response has `finished` for idle, and a held
 * whole answer looks so. It is spared until its answer is out; also one that has been let go a tick ago, since bare it
 * would have finished by now.
 *
 * @module
 */
import type { Server } from 'node:http'

const guarded = new WeakSet<object>()
let sweeping = false

/** Tells whether a server looks for idle connections right now: it is the server, then, that destroys. */
export function isSweeping(): boolean {
  return sweeping
}

function isServer(server: unknown): server is Server {
  return typeof server === 'object' && server !== null && 'closeIdleConnections' in server
}

/** Once for each server. */
export function guardServer(server: unknown): void {
  if (!isServer(server) || guarded.has(server)) return
  guarded.add(server)
  const { closeIdleConnections } = server
  server.closeIdleConnections = function (this: Server): void {
    sweeping = true
    try {
      closeIdleConnections.call(this)
    } finally {
      sweeping = false
    }
  }
}
