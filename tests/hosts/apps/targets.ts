/** What an app reads from a request line and its fields: it must be what was sent. */
import type { Routes } from './site.ts'

export const targets: Routes = {
  express(app) {
    app.get('/fields', (req, res) => {
      res.json({
        raw: req.rawHeaders,
        headers: req.headers,
        distinct: req.headersDistinct,
        cookies: req.headers.cookie,
      })
    })
    app.get('/host', (req, res) => res.json([req.hostname, req.host, req.get('host'), req.subdomains, req.protocol]))
    app.use('/mounted', (req, res) => res.json([req.url, req.originalUrl, req.baseUrl, req.path, req.query]))
    app.use((req, res) => res.json([req.method, req.url, req.originalUrl, req.path, req.query, req.hostname]))
  },
  plain: {
    '*': (req, res) => res.end(JSON.stringify([req.method, req.url])),
    '/plain/version': (req, res) => res.end(JSON.stringify([req.httpVersion, req.rawHeaders])),
  },
}
