/**
 * The app, seen from the gate: whatever listens on a Unix socket.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { createProxyServer } from 'httpxy'

/** Makes it. Bodies are streams, both ways. */
export function proxyTo(socketPath: string): App {
  const proxy = createProxyServer({ target: { socketPath, host: 'localhost', protocol: 'http:' }, xfwd: true })
  return fromNode((req, res) => {
    proxy.web(req, res).catch((error: Error) => {
      // Half an answer must not look like a whole one.
      if (res.headersSent || res.destroyed) res.destroy()
      else gone(error, res)
    })
  })
}

function gone({ message }: Error, res: ServerResponse): void {
  console.error(`The site behind the gate gives no answer: ${message}`)
  res.writeHead(502, { 'content-type': 'text/plain' }).end('502 Bad Gateway\n')
}
