/**
 * The app, seen from the gate: whatever listens on a Unix socket.
 *
 * @module
 */
import { Agent, type ServerResponse } from 'node:http'
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { createProxyServer } from 'httpxy'

/** Makes it. Bodies are streams, both ways. */
export function proxyTo(socketPath: string): App {
  const target = { socketPath, host: 'localhost', protocol: 'http:' }
  // A connection each: gunicorn closes those that rest, and a form that is sent on one just then would be lost. It is we
  // who close it: gunicorn, told to, does so as soon as it has answered, and who still sends then hears no answer.
  const agent = new Agent({ keepAlive: false })
  const proxy = createProxyServer({ target, xfwd: true, agent, headers: { connection: 'keep-alive' } })
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
