/**
 * The site of the documentation, behind our own wrappers: `npm run docs:serve` builds and serves it.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ compression ─▶ staticFiles
 *
 * @module
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compression } from '@outerware/compression'
import { compose, errors } from '@outerware/core'
import { serve } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: join(import.meta.dirname, '../../dist/docs') },
    port: { type: 'string', default: '3000' },
  },
})

const site = compose(
  errors(),
  // Pages have no scripts and styles in them: nobody needs a nonce.
  securityHeaders({ preset: 'strict', nonce: false }),
  compression(),
  staticFiles({ dir: resolve(values.dir), immutable: /^\/assets\//, fallthrough: false, notFound: '404.html' }),
)(() => new Response(null, { status: 404 }))

const { url } = await serve(site, { port: Number(values.port), hostname: '127.0.0.1' })
console.log(`The documentation is at ${url}`)
