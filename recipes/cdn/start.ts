/**
 * Starts the site, and nginx in the place of a CDN, unless `STATIC_HOST` names one.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { serve } from '@outerware/core/node'
import { knotsSite } from './app.ts'
import { startEdge } from './edge.ts'
import { recipeFile } from './folder.ts'

const { PORT = '3000', CDN_PORT = '4000', STATIC_HOST, FETCHED_AS = 'assets.internal' } = process.env
const cdn = STATIC_HOST ?? `http://localhost:${CDN_PORT}`
const builds = [recipeFile('dist'), recipeFile('dist-before')].filter((build) => existsSync(build))

const site = await serve(knotsSite({ builds, cdn, fetchedAs: FETCHED_AS }), {
  port: Number(PORT),
  hostname: '127.0.0.1',
  signals: false,
  stopTimeoutMs: 2000,
})
const edge = { PORT: Number(CDN_PORT), SITE: site.port, FETCHED_AS }
const stopEdge = STATIC_HOST === undefined ? await startEdge(edge) : undefined
console.log(`The site is at http://localhost:${PORT}, its assets are at ${cdn}`)

async function stop(): Promise<void> {
  await stopEdge?.()
  await site.stop()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
