/**
 * Starts the site on this machine.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { lights } from './app.ts'

const { port } = await serve(lights, { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(`\nThree lights, in the language that your browser wants: http://localhost:${port}\n`)
