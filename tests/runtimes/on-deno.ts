import { toDeno, type DenoInfo } from '@outerware/core/deno'
import { announce } from './announce.ts'
import site, { onError } from './site.ts'

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(address: { port: number }): void },
    handler: (request: Request, info: DenoInfo) => Response | Promise<Response>,
  ): unknown
}

const onListen = ({ port }: { port: number }): void => announce(`http://127.0.0.1:${port}`)
Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, toDeno(site, { onError }))
