/**
 * The apps of the suite: Express 5 and plain listeners with a route for each kind of request, and further
 * frameworks that are asked the same questions.
 *
 * They know nothing of Outerware. What they see they write to a record, so that it can be compared as well.
 *
 * @module
 */
import type { RequestListener } from 'node:http'
import { connect } from './apps/connect.ts'
import { connections, upgrades } from './apps/connections.ts'
import { errors } from './apps/errors.ts'
import { express4 } from './apps/express4.ts'
import { fastify, fastifyFactory } from './apps/fastify.ts'
import { files } from './apps/files.ts'
import { interims } from './apps/interims.ts'
import { koa } from './apps/koa.ts'
import { methods } from './apps/methods.ts'
import { middlewares } from './apps/middlewares.ts'
import { nestOnExpress, nestOnFastify } from './apps/nest.ts'
import { sends } from './apps/sends.ts'
import { site, type Routes } from './apps/site.ts'
import { streams } from './apps/streams.ts'
import { targets } from './apps/targets.ts'
import { uploads } from './apps/uploads.ts'
import type { AppRecord } from './harness/record.ts'
import type { Host } from './harness/run.ts'

const routes = {
  connections,
  errors,
  files,
  interims,
  methods,
  middlewares,
  sends,
  streams,
  targets,
  uploads,
} as const satisfies Record<string, Routes>

type Framework = (record: AppRecord) => RequestListener | Promise<RequestListener>

const frameworks = {
  koa,
  fastify,
  connect,
  'express 4': express4,
  'fastify, serverFactory': fastifyFactory,
  'nest on express': nestOnExpress,
  'nest on fastify': nestOnFastify,
} as const satisfies Record<string, Framework>

export type AppName = keyof typeof routes | keyof typeof frameworks

/** Makes an app for one run. */
export async function makeApp(name: AppName, record: AppRecord): Promise<Host> {
  if (isFramework(name)) return { listener: await frameworks[name](record) }
  const listener = site(routes[name], record)
  return name === 'connections' ? { listener, upgrade: upgrades() } : { listener }
}

function isFramework(name: AppName): name is keyof typeof frameworks {
  return name in frameworks
}
