/**
 * The site that every runtime serves: a Fetch app, an answer for each question, under wrappers of several kinds.
 *
 * @module
 */
import { allowedHosts } from '@outerware/allowed-hosts'
import {
  after,
  compose,
  derive,
  editHeaders,
  errors,
  filterBody,
  native,
  pathOf,
  peekBody,
  respond,
  type App,
  type Context,
  type Finished,
  type Wrapper,
} from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { securityHeaders } from '@outerware/security-headers'

/** What a runtime has told after its answers: read it at `/record`. */
const record: { finished: string[]; tasks: string[]; errors: string[] } = { finished: [], tasks: [], errors: [] }

/** For the host's `onError`. */
export const onError = (error: unknown): void => void record.errors.push(String(error))

const encoder = new TextEncoder()
const cookies: [string, string][] = [
  ['set-cookie', 'a=1'],
  ['set-cookie', 'b=2'],
]

const fail = (): never => {
  throw new Error('of the app')
}

const pages: Record<string, App> = {
  '/respond': () => respond('light', { status: 201 }),
  '/native': () => new Response('native', { headers: { 'x-app': 'yes' } }),
  '/bytes': () => respond(new Uint8Array([0, 127, 128, 255])),
  '/empty': () => respond(null, { status: 204 }),
  '/cookies': () => respond('light', { headers: cookies }),
  '/native-cookies': () => new Response('native', { headers: cookies }),
  '/redirect': (request) => Response.redirect(new URL('/respond', request.url), 303),
  '/throw': fail,
  '/reject': () => Promise.reject(new Error('of a promise')),
  '/caught': errors({ page: () => respond('mended', { status: 503 }), report: onError })(fail),
  '/nothing': () => Reflect.get({}, 'response'),
  '/filter': () => filterBody(respond('light', { headers: { 'content-length': '5' } }), loud),
  '/native-filter': () => filterBody(filterBody(new Response('native'), loud), loud),
  '/finish': finish,
  '/task': task,
  '/endless': (request, context) => {
    context.onFinish((end) => tell('endless', end))
    return new Response(endless())
  },
  '/broken': () => new Response(broken()),
  '/echo': (request) => new Response(request.body, { headers: { 'x-method': request.method } }),
  '/peek': async (request) => {
    const peeked = await peekBody(request, 100)
    return respond(`${peeked?.byteLength} ${await request.text()}`)
  },
  '/derive': (request, context) =>
    seen(derive(request, { url: '/derived?b=2', headers: new Headers({ 'x-own': 'new' }) }), context),
  '/seen': (request, context) => seen(request, context),
  '/forward': (request) => fetchable(native(request)),
  '/record': () => respond(JSON.stringify(record)),
}

const app: App = (request, context) => {
  const path = pathOf(request)
  if (path === undefined) return respond('no one reading', { status: 400 })
  const page = pages[path]
  return page === undefined ? respond(path, { status: 404 }) : page(request, context)
}

function loud(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(encoder.encode(new TextDecoder().decode(chunk).toUpperCase())),
    flush: (controller) => controller.enqueue(encoder.encode('!')),
  })
}

function tell(name: string, { outcome, status }: Finished): void {
  record.finished.push(`${name} ${status} ${outcome}`)
}

function finish(_request: Request, context: Context): Response {
  context.onFinish((end) => tell('first', end))
  context.onFinish((end) => tell('last', end))
  return respond('hello')
}

function task(_request: Request, context: Context): Response {
  context.waitUntil(Promise.resolve().then(() => record.tasks.push('done')))
  context.waitUntil(Promise.reject(new Error('of a task')))
  return respond('')
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      controller.enqueue(encoder.encode('tick\n'))
    },
  })
}

function broken(): ReadableStream<Uint8Array> {
  let begun = false
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (begun) throw new Error('of a stream')
      begun = true
      controller.enqueue(encoder.encode('half'))
    },
  })
}

function seen({ url, method, headers }: Request, { platform, ip, env }: Context): Response {
  const { pathname, search } = new URL(url)
  const facts = { target: pathname + search, method, own: headers.get('x-own'), platform, ip, env: typeof env }
  return respond(JSON.stringify(facts))
}

/** What `fetch()` would take is the platform's own. */
async function fetchable(request: Request): Promise<Response> {
  return respond(await new Request(request, { headers: { 'x-own': 'new' } }).text())
}

let requests = 0

/** Adds fields to everything, whatever the app has given, also to what cannot be changed; one is the request's number. */
const marked: Wrapper = (app) => (request, context) => {
  const number = String(++requests)
  return after(app(request, context), (response) =>
    editHeaders(response, (headers) => {
      headers.append('set-cookie', 'outer=1')
      headers.set('x-request', number)
    }),
  )
}

const site: App = compose(
  allowedHosts(['127.0.0.1', 'localhost']),
  securityHeaders(),
  marked,
  crossOriginProtection(),
)(app)

export default site
