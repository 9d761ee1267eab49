/**
 * A line for every request, when it is over: whoever has answered it, and however it ended.
 *
 *     browser ─▶ accessLog ─▶ errors ─▶ compression ─▶ Express
 *                    ▲ onFinish: sent, aborted or error, after the last byte
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, type App, type Context } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import type { Logger } from 'pino'
import { accessLog, type Logged } from './access-log.ts'
import { postOffice } from './post-office.ts'

/** Makes the site. */
export function loggedSite(logger: Logger): App {
  return compose(
    // The outermost: it sees what errors() has made of an exception.
    accessLog(logger),
    errors({
      report(error, _request, { log = logger }: Context & Partial<Logged>) {
        log.error({ err: error }, 'nobody has answered this')
      },
    }),
    compression(),
  )(fromNode(postOffice()))
}
