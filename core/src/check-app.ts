/**
 * What is given in the place of an app, most often, and what to write instead.
 *
 * @module
 */
import { OptionError } from './option-error.ts'

/**
 * Refuses what is no app. Every wrapper calls it, so that a mistake is told where it was made, and not by the first
 * request.
 *
 * @param where the call that was given it: `compose(…)`
 * @throws {@link OptionError} that says what to write, where it can be known
 */
export function checkApp(where: string, app: unknown): void {
  if (typeof app === 'function' && !isNodeListener(app)) return
  throw new OptionError(where, 'an app, (request, context) => Response', app, false, insteadOf(app, asApp))
}

/** The same for `fromNode()`, which takes a listener. */
export function checkListener(where: string, listener: unknown): void {
  if (typeof listener === 'function') return
  const wanted = 'a listener, (req, res) => void, such as an Express app'
  throw new OptionError(where, wanted, listener, false, insteadOf(listener, asListener))
}

/**
 * Tells whether a function is for Node's `req` and `res`: an Express app, or one that names them so.
 *
 * What a minifier has named cannot be told; it fails at the first request.
 */
export function isNodeListener(given: object): boolean {
  if (has(given, 'fetch')) return false
  return (has(given, 'handle') && has(given, 'use')) || namesNodePair.test(Function.prototype.toString.call(given))
}

const namesNodePair = /^(?:async\s+)?(?:function\b[^(]*)?\(\s*_?req\w*\s*,\s*_?res\w*\s*[,)]/

type Kind =
  | 'response'
  | 'request'
  | 'incoming'
  | 'koa'
  | 'fastify'
  | 'nest'
  | 'server'
  | 'fetch'
  | 'module'
  | 'listener'

function kindOf(given: unknown): Kind | undefined {
  if (typeof given === 'function') return 'listener'
  if (typeof given !== 'object' || given === null) return undefined
  if ('rawHeaders' in given) return 'incoming'
  if ('headers' in given && 'url' in given) return 'status' in given ? 'response' : 'request'
  if (has(given, 'callback') && 'middleware' in given) return 'koa'
  if (has(given, 'routing') && has(given, 'inject')) return 'fastify'
  if (has(given, 'getHttpAdapter')) return 'nest'
  if (has(given, 'listen') && has(given, 'closeIdleConnections')) return 'server'
  if (has(given, 'fetch')) return 'fetch'
  return 'default' in given ? 'module' : undefined
}

const isModule = "of a module write its default export, app.default, or import app from './app.js'"

const asApp: Readonly<Record<Kind, string>> = {
  response: 'give the app itself, not its answer: app, not app()',
  request: 'the second call is missing, compose(a, b)(app)',
  incoming: 'a server takes toNode(site), Express takes app.use(toConnect(wrapper(next)))',
  koa: 'of Koa write fromNode(app.callback())',
  fastify: 'of Fastify write await app.ready() and fromNode(app.routing)',
  nest: 'of Nest write await app.init() and fromNode(app.getHttpAdapter().getInstance())',
  server: 'write toNode(app) where the server is made, createServer(toNode(app))',
  fetch: 'write app.fetch',
  module: isModule,
  listener:
    'an Express app, or another (req, res), is an app by fromNode(app); middleware is a wrapper by fromConnect()',
}

const asListener: Readonly<Partial<Record<Kind, string>>> = {
  koa: 'of Koa write app.callback()',
  fastify: 'of Fastify write await app.ready() and app.routing',
  nest: 'of Nest write await app.init() and app.getHttpAdapter().getInstance()',
  server: 'write what the server was made with, createServer(listener)',
  fetch: 'leave fromNode() out, app.fetch is an app',
  module: isModule,
}

function insteadOf(given: unknown, words: Readonly<Partial<Record<Kind, string>>>): string | undefined {
  const kind = kindOf(given)
  return kind === undefined ? undefined : words[kind]
}

/** Tells whether an object has a method of that name. */
function has(given: object, name: string): boolean {
  return typeof Reflect.get(given, name) === 'function'
}
