import { toBun, type BunServer } from '@outerware/core/bun'
import { announce } from './announce.ts'
import site, { onError } from './site.ts'

declare const Bun: {
  serve(options: {
    port: number
    hostname: string
    fetch(request: Request, server: BunServer): Response | Promise<Response>
  }): { readonly url: URL }
}

announce(Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: toBun(site, { onError }) }).url)
