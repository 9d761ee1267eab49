/**
 * Starts the site: `bun start.ts`.
 *
 * @module
 */
import { toBun, type BunServer } from '@outerware/core/bun'
import { chartSite, type OpenFile } from './app.ts'

// With `bun add -d @types/bun` this declaration can go.
declare const Bun: {
  readonly file: OpenFile
  serve(options: {
    port: number
    hostname: string
    fetch(request: Request, server: BunServer): Response | Promise<Response>
  }): { readonly url: URL; stop(): Promise<void> }
}

const port = Number(process.env['PORT'] ?? 3000)
const server = Bun.serve({ port, hostname: '127.0.0.1', fetch: toBun(chartSite(Bun.file)) })
console.log(`The charts are out: ${server.url.href}`)

// The first lets requests finish, and a second one ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop())
