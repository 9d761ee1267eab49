/**
 * Starts the street on this machine.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { harbourStreet } from './app.ts'
import { tenants } from './shops.ts'

const { port } = await serve(harbourStreet(tenants), { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(`\nHarbour Street is open: http://localhost:${port}`)
for (const { key, name } of tenants.values()) console.log(`  http://${key}.localhost:${port}  ${name}`)
console.log()
