/**
 * The apps of the suite: Express 5 and plain listeners, Koa and Fastify, with a route for each kind of request.
 *
 * They know nothing of Outerware. What they see they write to a record, so that it can be compared as well.
 *
 * @module
 */
import { connections, upgrades } from './apps/connections.ts'
import { errors } from './apps/errors.ts'
import { fastify } from './apps/fastify.ts'
import { files } from './apps/files.ts'
import { interims } from './apps/interims.ts'
import { koa } from './apps/koa.ts'
import { methods } from './apps/methods.ts'
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
  sends,
  streams,
  targets,
  uploads,
} as const satisfies Record<string, Routes>

export type AppName = keyof typeof routes | 'koa' | 'fastify'

/** Makes an app for one run. */
export async function makeApp(name: AppName, record: AppRecord): Promise<Host> {
  if (name === 'koa') return { listener: koa(record) }
  if (name === 'fastify') return { listener: await fastify(record) }
  const listener = site(routes[name], record)
  return name === 'connections' ? { listener, upgrade: upgrades() } : { listener }
}
