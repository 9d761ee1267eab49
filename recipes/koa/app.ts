/**
 * The ferry office, an ordinary Koa app, behind four wrappers. What Koa forgets when something fails, they do not.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ compression ─▶ staticFiles ─▶ Koa
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { ferryOffice } from './ferry-office.ts'
import { recipeFile } from './folder.ts'

/** Makes the site. */
export function ferrySite(): App {
  return compose(
    errors(),
    // Each page has one inline script of its own, and the policy lets in no other.
    securityHeaders({ nonce: true, contentSecurityPolicy: { directives: { styleSrc: ["'self'"] } } }),
    compression(),
    staticFiles(recipeFile('public')),
  )(fromNode(ferryOffice().callback()))
}
