/**
 * The recipe on free ports, as `start.ts` puts it together.
 */
import type { App } from '@outerware/core'
import { serve, type Running } from '@outerware/core/node'
import { expressSite } from '@outerware/recipes/express-site/app'
import { buildAssets } from '@outerware/recipes/express-site/assets'
import { harbourOffice } from '@outerware/recipes/express-site/provider'

export interface RunningSite {
  /** Where the site is, such as `http://localhost:40123`. */
  readonly url: string
  /** Where the provider is; by another host name, so that it is another site to browsers. */
  readonly issuer: string
  readonly provider: Running
  stop(): Promise<void>
}

export async function startExpressSite(): Promise<RunningSite> {
  const [office, site] = [await later(), await later()]
  const url = `http://localhost:${site.running.port}`
  const issuer = `http://127.0.0.1:${office.running.port}`
  const client = { id: 'skerry-light', secret: 'of the client, and only for tests', baseURL: url }
  buildAssets()
  office.use(await harbourOffice({ issuer, client }))
  const secret = 'of the cookies, and only for these tests'
  site.use(expressSite({ baseURL: url, issuer, clientId: client.id, clientSecret: client.secret, secret }))
  return {
    url,
    issuer,
    provider: office.running,
    stop: async () => void (await Promise.all([site.running.stop(), office.running.stop()])),
  }
}

/** A server that is there before its app: both apps must know where the other one is. */
async function later(): Promise<{ running: Running; use(app: App): void }> {
  let inner: App | undefined
  const running = await serve((request, context) => inner!(request, context), {
    port: 0,
    hostname: '127.0.0.1',
    signals: false,
    stopTimeoutMs: 100,
  })
  return { running, use: (app) => void (inner = app) }
}
