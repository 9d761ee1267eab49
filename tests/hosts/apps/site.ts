/**
 * How the apps of this folder are put together. Nothing here knows of Outerware.
 *
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import express, { type Express } from 'express'
import type { AppRecord, Seen } from '../harness/record.ts'

/** The routes of one theme. */
export interface Routes {
  /** Under an Express 5 app. */
  readonly express?: (app: Express, record: AppRecord) => void
  /** Plain listeners by the path they answer, `/plain/…`, with no Express around them. */
  readonly plain?: Readonly<Record<string, PlainRoute>>
}

export type PlainRoute = (req: IncomingMessage, res: ServerResponse, seen: Seen, record: AppRecord) => void

/** The listener of a theme, which writes to the record what it sees. */
export function site(routes: Routes, record: AppRecord): RequestListener {
  const app = express()
  // Else the error page holds a stack, and a stack holds who called.
  app.set('env', 'production')
  routes.express?.(app, record)
  return (req, res) => {
    const seen = record.watch(req, res)
    const path = req.url?.split('?', 1)[0] ?? ''
    const plain = routes.plain?.[path]
    if (path === '/ready') res.end('ready')
    else if (plain) plain(req, res, seen, record)
    else app(req, res)
  }
}
