/**
 * Starts the site on this machine.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { ferrySite } from './app.ts'

const { url } = await serve(ferrySite(), { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(`The ferry office is open: ${url}`)
