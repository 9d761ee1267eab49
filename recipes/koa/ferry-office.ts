/**
 * The app that is there already: Koa, with middleware as everybody writes it, and nothing of Outerware but the nonce.
 *
 * @module
 */
import { Readable } from 'node:stream'
import Koa from 'koa'

const crossings = ['06:10', '07:40', '09:10', '12:00', '15:25', '17:55', '20:30']

/** Makes the app. */
export function ferryOffice(): Koa {
  const app = new Koa()
  app.silent = true // a real one logs: app.on('error', …)

  app.use(async (ctx, next) => {
    const start = performance.now()
    await next()
    ctx.set('server-timing', `koa;dur=${(performance.now() - start).toFixed(1)}`)
  })

  app.use((ctx) => {
    switch (ctx.path) {
      case '/':
        // securityHeaders() leaves it on the real request: no other middleware is needed.
        ctx.body = page(String(Reflect.get(ctx.req, 'cspNonce')))
        break
      case '/crossings.csv':
        ctx.type = 'csv'
        ctx.body = Readable.from(allCrossings())
        break
      case '/buy':
        if (ctx.method !== 'POST') ctx.throw(405, 'Tickets are bought by POST', { headers: { allow: 'POST' } })
        ctx.throw(402, 'The ferry takes coins only')
        break
      case '/fog':
        throw new Error('No ferry can be seen from here')
    }
  })
  return app
}

function page(nonce: string): string {
  const rows = crossings.map((time) => `<li><time>${time}</time></li>`).join('\n')
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Ketch Hollin ferry</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/ferry.css">
  </head>
  <body>
    <h1>Ketch Hollin ferry</h1>
    <p>Departures from the north pier, weather permitting. <a href="/crossings.csv">All of this year</a></p>
    <ol>
${rows}
    </ol>
    <script nonce="${nonce}">
      const now = new Date().toTimeString().slice(0, 5)
      for (const time of document.querySelectorAll('time')) time.parentElement.classList.toggle('gone', time.textContent < now)
    </script>
  </body>
</html>
`
}

/** A line for each crossing of the year, made as it is sent. */
function* allCrossings(): Generator<string> {
  yield 'date,departs\n'
  for (let day = 0; day < 365; day++) {
    const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
    for (const time of crossings) yield `${date},${time}\n`
  }
}
