/**
 * Wrappers in front of Fastify, which goes on listening by itself: `app.listen()`, `app.close()`, its logger, all as
 * before. One option is all that changes.
 *
 *     browser ─▶ errors ─▶ allowedHosts ─▶ securityHeaders ─▶ crossOriginProtection ─▶ compression ─▶ Fastify
 *                └──────────────────── serverFactory ─────────────────────────────┘
 *
 * @module
 */
import { allowedHosts } from '@outerware/allowed-hosts'
import { compression } from '@outerware/compression'
import { compose, errors } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { securityHeaders } from '@outerware/security-headers'
import fastify, { type FastifyInstance } from 'fastify'
import { logbook } from './logbook.ts'
import { wrapped } from './wrapped.ts'

const wrappers = compose(
  errors(),
  allowedHosts(['localhost', '127.0.0.1']),
  // An API shows no pages: nothing may be loaded by what it says, nor may it be framed.
  securityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  }),
  crossOriginProtection(),
  compression(),
)

/** Makes the app; `listen()` starts it. */
export async function logbookApi(): Promise<FastifyInstance> {
  const app = fastify({ serverFactory: wrapped(wrappers) })
  await app.register(logbook)
  return app
}
