/**
 * Starts the site on Node.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { guestbookSite } from './app.ts'

const { url } = await serve(guestbookSite(), { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(`The guestbook lies open: ${url}`)
