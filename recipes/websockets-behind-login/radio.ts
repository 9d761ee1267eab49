/**
 * The app: a page, and channel 16, by the library `ws`. Who speaks is known before there is a socket.
 *
 * @module
 */
import { pathOf, respond, upgrade, type App } from '@outerware/core'
import type { Auth } from '@outerware/oauth2'
import { WebSocketServer, type WebSocket } from 'ws'

/** Makes the app. */
export function radio(): App<{ auth: Auth }> {
  const server = new WebSocketServer({ noServer: true, maxPayload: 4096 })
  const listening = new Set<WebSocket>()
  const say = (line: string): void => {
    for (const socket of listening) socket.send(line)
  }

  const join = (socket: WebSocket, name: string): void => {
    listening.add(socket)
    say(`${name} is listening`)
    socket.on('error', () => socket.terminate())
    socket.on('message', (words: unknown) => say(`${name}: ${String(words)}`))
    socket.on('close', () => {
      listening.delete(socket)
      say(`${name} has gone`)
    })
  }

  return (request, { auth, upgrade: offer }) => {
    const name = auth.email ?? auth.sub
    switch (pathOf(request) ?? '') {
      case '/':
        return respond(page(name, auth.logoutURL), { headers: { 'content-type': 'text/html; charset=utf-8' } })
      case '/channel/16':
        if (offer?.protocol !== 'websocket') return respond(null, { status: 426, headers: { upgrade: 'websocket' } })
        return upgrade((req, socket, head) => {
          server.handleUpgrade(req, socket, head, (radio) => join(radio, name))
        })
      default:
        return respond('Static\n', { status: 404 })
    }
  }
}

function page(name: string, logoutURL: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Channel 16</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/radio.css">
    <script type="module" src="/radio.js"></script>
  </head>
  <body>
    <h1>Channel 16</h1>
    <p>This is <b>${escaped(name)}</b>. <a href="${escaped(logoutURL)}">Sign off</a></p>
    <ol role="log"></ol>
    <form><input name="words" aria-label="Words" autocomplete="off" required> <button>Over</button></form>
  </body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
