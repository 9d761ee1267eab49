/** All kinds, by theme, with the app that each theme asks. */
import type { AppName } from '../app.ts'
import type { Kind } from '../harness/kind.ts'
import * as connections from './connections.ts'
import * as errors from './errors.ts'
import * as files from './files.ts'
import * as frameworks from './frameworks.ts'
import * as interims from './interims.ts'
import * as methods from './methods.ts'
import * as sends from './sends.ts'
import * as streams from './streams.ts'
import * as targets from './targets.ts'
import * as uploads from './uploads.ts'

export interface Theme {
  readonly name: string
  readonly app: AppName
  readonly kinds: readonly Kind[]
}

const { koa, fastify, others, nest, middlewares } = frameworks
const byApp = {
  connections,
  errors,
  files,
  interims,
  methods,
  sends,
  streams,
  targets,
  uploads,
  koa: { koa },
  fastify: { fastify },
  connect: { connect: others },
  'express 4': { 'express 4': others },
  'fastify, serverFactory': { 'fastify, serverFactory': fastify },
  'nest on express': { 'nest on express': nest },
  'nest on fastify': { 'nest on fastify': nest },
  middlewares: { middlewares },
}

export const themes: readonly Theme[] = Object.entries(byApp).flatMap(([app, groups]) =>
  // What a kind has shown is kept by the kind, and two frameworks are asked some of the same.
  Object.entries(groups).map(([name, kinds]) => ({
    name,
    app: app as AppName,
    kinds: kinds.map((kind) => ({ ...kind })),
  })),
)
