/**
 * A site on Cloudflare Workers. Assets are an app like any other: what the edge would have answered by itself passes
 * the wrappers, too.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ counter ─▶ env.ASSETS
 *                                               └─ env.VISITS, written after the answer is out
 *
 * @module
 */
import { compose, errors, native, pathOf, respond, type App, type Context } from '@outerware/core'
import { toWorker, type Worker } from '@outerware/core/workers'
import { securityHeaders } from '@outerware/security-headers'

/** The bindings of `wrangler.jsonc`, as far as they are used; `wrangler types` writes them whole. */
interface Env {
  readonly ASSETS: { fetch(request: Request): Promise<Response> }
  readonly VISITS: {
    get(key: string): Promise<string | null>
    put(key: string, value: string): Promise<void>
  }
}

const bindings = ({ env }: Context): Env => Object(env)

/** Counts who comes to a page, once the answer is on its way. */
const counted: App = (request, context) => {
  const { ASSETS, VISITS } = bindings(context)
  const path = pathOf(request)
  if (path === undefined) return respond('400 Bad Request\n', { status: 400 })
  if (path === '/visits') return visits(VISITS)
  if (path.endsWith('/')) context.waitUntil(count(VISITS))
  return ASSETS.fetch(native(request))
}

async function visits(store: Env['VISITS']): Promise<Response> {
  return Response.json({ visits: Number((await store.get('pages')) ?? 0) })
}

/** As exact as a key-value store is: two at the same moment may count as one. */
async function count(store: Env['VISITS']): Promise<void> {
  await store.put('pages', String(Number((await store.get('pages')) ?? 0) + 1))
}

/** The site itself, for tests. */
export const site: App = compose(errors(), securityHeaders({ preset: 'strict', nonce: false }))(counted)

const worker: Worker = toWorker(site)

export default worker
