/**
 * Starts the site on Node.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { tideSite } from './app.ts'

const { url } = await serve(tideSite, { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(`The tides of today: ${url}`)
