/** The bridge with wrappers in its way, beside the same app without it. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import express from 'express'
import { passOn, passOnLater, setField } from '../support/wrappers.ts'
import { bridgePeers } from './bridge-peers.ts'
import { HEADERS, TEXT } from './hello.ts'

const bare = (_req: IncomingMessage, res: ServerResponse): void => {
  res.writeHead(200, HEADERS)
  res.end(TEXT)
}
const fetchApp: App = () => respond(TEXT, { headers: HEADERS })
const nativeApp: App = () => new Response(TEXT, { headers: HEADERS })

const times = (count: number, wrapper: Wrapper): Wrapper => compose(...Array.from({ length: count }, () => wrapper))

const fetchThrough = (count: number, wrapper = passOn): RequestListener => toNode(times(count, wrapper)(fetchApp))
const nodeThrough = (count: number, wrapper = passOn): RequestListener => toNode(times(count, wrapper)(fromNode(bare)))

function expressApp(): express.Express {
  const app = express()
  app.get('/', (_req, res) => void res.send(TEXT))
  return app
}

export const bridgeServers: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  bare: () => bare,
  'fetch through 0': () => fetchThrough(0),
  'fetch through 1': () => fetchThrough(1),
  'fetch through 4': () => fetchThrough(4),
  'fetch through 10': () => fetchThrough(10),
  'fetch through 10 async': () => fetchThrough(10, passOnLater),
  'fetch through 4 that set a header': () => fetchThrough(4, setField),
  'fetch, native Response': () => toNode(nativeApp),
  'node through 0': () => nodeThrough(0),
  'node through 1': () => nodeThrough(1),
  'node through 4': () => nodeThrough(4),
  'node through 10': () => nodeThrough(10),
  'node through 10 async': () => nodeThrough(10, passOnLater),
  express: () => expressApp(),
  'express through 4': () => toNode(times(4, passOn)(fromNode(expressApp()))),
  'express through 10 async': () => toNode(times(10, passOnLater)(fromNode(expressApp()))),
  ...bridgePeers,
}
