/** A server whose connections may idle for ever: says its port, and what memory it needs whenever it is asked. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { bridgeServers } from './bridge-servers.ts'

const server = createServer({ keepAliveTimeout: 0 }, await bridgeServers[process.argv[2] ?? '']!())
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.on('message', () => void report())
process.on('disconnect', () => process.exit())

async function report(): Promise<void> {
  // What one collection sets free may hold what only the next one finds.
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.()
    await turn()
  }
  process.send?.(process.memoryUsage())
}
