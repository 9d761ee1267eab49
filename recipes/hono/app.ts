/**
 * Hono inside, wrappers outside, one type between them: the guestbook wants a nonce, and does not compile without a
 * wrapper that gives one.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ compression ─▶ Hono
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { securityHeaders } from '@outerware/security-headers'
import { fromHono } from './from-hono.ts'
import { guestbook, type Wants } from './guestbook.ts'

/** Makes the site: a Fetch handler, for whichever platform serves it. */
export function guestbookSite(): App {
  const pages: App<Wants> = fromHono(guestbook())
  return compose(
    errors(),
    securityHeaders({ preset: 'strict', crossOriginEmbedderPolicy: false }),
    compression(),
  )(pages)
}
