/**
 * Starts the API on this machine, by Fastify's own means.
 *
 * @module
 */
import { logbookApi } from './app.ts'

const app = await logbookApi()
const url = await app.listen({ port: Number(process.env['PORT'] ?? 3000), host: '127.0.0.1' })
console.log(`The logbook is open: ${url}/entries`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
