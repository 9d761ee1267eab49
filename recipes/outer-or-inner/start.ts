/**
 * Starts the site on this machine.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { contrast } from './app.ts'

// Before any app is made: else it is the checks of a development mode that are measured.
process.env['NODE_ENV'] ??= 'production'

const { url } = await serve(contrast(), { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(
  `\nOne concern, outside and inside: ${url}\nThe first page takes a moment: it is found out there and then.\n`,
)
