/** A misspelt option is an error, and not a default. */
import { expect, it } from '@jest/globals'
import { errors, respond, toFetch, type App } from '@outerware/core'
import { toBun } from '@outerware/core/bun'
import { toDeno } from '@outerware/core/deno'
import { path, site } from '@outerware/core/inner'
import { fromNode, serve, toConnect, toNode, toUpgrade } from '@outerware/core/node'
import { toWorker } from '@outerware/core/workers'

const app: App = () => respond('hello')
const listener = (): void => {}

/** Whoever takes options, and the names of those that exist. */
const takers: [name: string, take: (options: object) => unknown, names: string][] = [
  ['errors', (options) => errors(options), 'page, report'],
  ['toFetch', (options) => toFetch(app, options), 'onError'],
  ['toBun', (options) => toBun(app, options), 'onError'],
  ['toDeno', (options) => toDeno(app, options), 'onError'],
  ['toWorker', (options) => toWorker(app, options), 'onError'],
  ['toNode', (options) => toNode(app, options), 'onError, request'],
  ['toUpgrade', (options) => toUpgrade(app, options), 'onError, request'],
  ['toConnect', (options) => toConnect(app, options), 'onError, request'],
  ['fromNode', (options) => fromNode(listener, options), 'upgrade'],
  [
    'serve',
    (options) => serve(app, { signals: false, port: 0, ...options }),
    'port, hostname, tls, server, signals, stopTimeoutMs, onError, request',
  ],
  [
    'site',
    (options) => site({ routes: [path('/', app)], ...options }),
    'routes, routesFor, hooks, setup, renderer, trailingSlash, errors, report',
  ],
]

it.each(takers)(
  '%s() refuses an option that there is not, and names those that there are',
  async (name, take, names) => {
    await expect(Promise.resolve().then(() => take({ onEror: listener }))).rejects.toMatchObject({
      code: 'ERR_OPTION',
      option: `${name}.onEror`,
      message: `${name}.onEror must be ${names.includes('onError') ? 'onError, or ' : ''}left out: there is no such option, but ${names}, got a function listener()`,
    })
  },
)

it.each(takers.filter(([name]) => name !== 'serve' && name !== 'site'))(
  '%s() refuses what is no object of options',
  (name, take) => {
    const given: unknown = 'options'
    expect(() => take(Object(given).valueOf())).toThrow(`${name} must be an object of options, got "options"`)
  },
)
