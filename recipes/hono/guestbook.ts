/**
 * The app: the guestbook of the lighthouse, with a page, a form, and the wind as it blows.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { Nonce } from '@outerware/security-headers'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { streamSSE } from 'hono/streaming'

/** What it wants to find on the context. */
export type Wants = Nonce

/** How long the wind keeps blowing the same way. Unit: milliseconds. */
const lull = 500

/** Makes the app. */
export function guestbook(): Hono<{ Bindings: Context & Wants }> {
  const names = ['Ada, by rowing boat']
  const app = new Hono<{ Bindings: Context & Wants }>()

  app.get('/', (c) => c.html(page(names, c.env.nonce)))

  app.post('/names', async (c) => {
    const { name } = await c.req.parseBody()
    if (typeof name !== 'string' || name.trim() === '') return c.text('A name, please', 422)
    // The guest is thanked at once; a graceful stop waits for the ink to dry.
    c.executionCtx.waitUntil(dried(() => void names.push(name)))
    return c.redirect('/', 303)
  })

  app.get('/wind', (c) =>
    streamSSE(c, async (stream) => {
      for (let i = 0; !stream.aborted; i++) {
        await stream.writeSSE({ event: 'wind', data: `${['SW', 'W', 'NW', 'W'][i % 4]} ${4 + (i % 3)}` })
        await stream.sleep(lull)
      }
    }),
  )
  return app
}

async function dried(write: () => void): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20))
  write()
}

function page(names: readonly string[], nonce: string): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Guestbook</title>
        <style nonce="${nonce}">
          body {
            max-width: 34rem;
            margin: 3rem auto;
            padding-inline: 1.25rem;
            font:
              1.125rem/1.6 system-ui,
              sans-serif;
          }
          output {
            font-variant-numeric: tabular-nums;
          }
        </style>
      </head>
      <body>
        <h1>Guestbook</h1>
        <p>The wind: <output>…</output></p>
        <ul>
          ${names.map((name) => html`<li>${name}</li>`)}
        </ul>
        <form method="post" action="/names">
          <input name="name" aria-label="Your name" required /> <button>Sign</button>
        </form>
        <script nonce="${nonce}">
          new EventSource('/wind').addEventListener('wind', (event) => {
            document.querySelector('output').textContent = event.data
          })
        </script>
      </body>
    </html>`
}
