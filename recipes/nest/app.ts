/**
 * A Nest application behind a proxy. Who asks, by which scheme and name, is settled once, outside: guards, pipes and
 * controllers find it on the request as if there were no proxy.
 *
 *     proxy ─▶ errors ─▶ trustedProxy ─▶ securityHeaders ─▶ crossOriginProtection ─▶ compression ─▶ Nest
 *
 * @module
 */
import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { securityHeaders } from '@outerware/security-headers'
import { trustedProxy } from '@outerware/trusted-proxy'
import { HarbourModule } from './harbour.module.ts'

/** The site, and Nest's own end: `onModuleDestroy` and all that hangs on it. */
export interface HarbourSite {
  readonly site: App
  close(): Promise<void>
}

/** Makes the site. @param proxies addresses of the proxies in front */
export async function harbourSite(proxies: readonly string[] = ['loopback']): Promise<HarbourSite> {
  const nest = await NestFactory.create<NestExpressApplication>(HarbourModule, { logger: ['error', 'warn'] })
  // The fields that are left have been checked outside: now `req.ip` and `req.protocol` may believe them.
  nest.set('trust proxy', true)
  await nest.init()

  const site = compose(
    errors(),
    trustedProxy({ proxies, headers: ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] }),
    securityHeaders({ xFrameOptions: { action: 'deny' } }),
    crossOriginProtection(),
    compression(),
  )(fromNode(nest.getHttpAdapter().getInstance()))

  return { site, close: () => nest.close() }
}
