/**
 * Starts the site: `deno task start`.
 *
 * @module
 */
import { toDeno, type DenoInfo } from '@outerware/core/deno'
import { signalSite } from './app.ts'

// For compilers that are not Deno's: it knows itself.
declare const Deno: {
  readonly env: { get(name: string): string | undefined }
  serve(
    options: { port: number; hostname: string; onListen(address: { port: number }): void },
    handler: (request: Request, info: DenoInfo) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> }
  addSignalListener(signal: 'SIGINT' | 'SIGTERM', listener: () => void): void
}

const port = Number(Deno.env.get('PORT') ?? 3000)
const onListen = (at: { port: number }): void => console.log(`The mast is up: http://127.0.0.1:${at.port}`)
const server = Deno.serve({ port, hostname: '127.0.0.1', onListen }, toDeno(signalSite()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) Deno.addSignalListener(signal, () => void server.shutdown())
