/**
 * The ways in which an app is wrapped here. Each says what it is compared with, and how closely.
 *
 * @module
 */
import { after, compose, pathOf, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode, toUpgrade, type ToNodeOptions } from '@outerware/core/node'
import express from 'express'
import { passOn, passOnLater, passOnSlowly, setField } from '../../support/wrappers.ts'
import type { Transform } from './compare.ts'
import type { WrappingName } from './kind.ts'
import type { Host } from './run.ts'
import type { Closeness } from './view.ts'

export interface Wrapping {
  readonly name: WrappingName
  readonly wrapped: Transform
  /** What it is compared with: the app alone, but for an Express around it that is there on both sides. */
  readonly bare?: Transform
  readonly closeness: Closeness
}

/** Looks at all there is on both ways, and changes nothing. */
const look: Wrapper = (app) => (request, context) => {
  const { url, method, headers, signal, bodyUsed } = request
  context.onFinish(() => {})
  void [
    URL.canParse(url),
    method,
    [...headers],
    headers.get('host'),
    signal.aborted,
    bodyUsed,
    pathOf(request),
    context.ip,
  ]
  return after(app(request, context), (response) => {
    const { status, statusText, ok, headers: outgoing } = response
    void [status, statusText, ok, [...outgoing], outgoing.get('content-type'), outgoing.getSetCookie()]
    return response
  })
}

/** Makes another Response of it, as wrappers written for other platforms do. */
const rebuild: Wrapper = (app) => async (request, context) => {
  const response = await app(request, context)
  return new Response(response.body, response)
}

const all = { wire: 'bytes', record: 'answer' } as const

export const wrappings: readonly Wrapping[] = [
  { name: 'none', wrapped: through(), closeness: all },
  { name: 'pass', wrapped: through(passOn), closeness: all },
  { name: 'async', wrapped: through(passOnLater), closeness: all },
  { name: 'ten async', wrapped: through(...Array<Wrapper>(10).fill(passOnLater)), closeness: all },
  { name: 'slow', wrapped: through(passOnSlowly), closeness: { wire: 'bytes', record: 'each' } },
  { name: 'header', wrapped: through(setField), closeness: { ...all, added: 'x-outer: 1' } },
  { name: 'curious', wrapped: through(look), closeness: all },
  { name: 'nested', wrapped: nested, bare: insideExpress, closeness: all },
  { name: 'rebuild', wrapped: through(rebuild), closeness: { wire: 'meaning', record: 'ends' } },
  { name: 'native', wrapped: withNativeRequest, closeness: all },
]

/** What the bridge reports through `onError`. */
export const reported: unknown[] = []

const options: ToNodeOptions = { onError: (error) => void reported.push(error) }

function through(...wrappers: Wrapper[]): Transform {
  const wrapper = compose(...wrappers)
  return ({ listener, upgrade }) => {
    const app: App = wrapper(fromNode(listener, upgrade === undefined ? {} : { upgrade }))
    return { listener: toNode(app, options), upgrade: toUpgrade(app, options) }
  }
}

/** The wrapper is given the platform's own Request; the app inside has the real pair all the same. */
function withNativeRequest({ listener, upgrade }: Host): Host {
  const app: App = passOn(fromNode(listener, upgrade === undefined ? {} : { upgrade }))
  const native: ToNodeOptions = { ...options, request: 'native' }
  return { listener: toNode(app, native), upgrade: toUpgrade(app, native) }
}

/** An onion inside an Express inside an onion. */
function nested(host: Host): Host {
  const inner = through(passOnLater)(host)
  return through(passOnLater)(insideExpress(inner))
}

function insideExpress(host: Host): Host {
  const outer = express().disable('x-powered-by')
  outer.use(host.listener)
  // Express drops what no route matches by its path, such as `OPTIONS *`; both sides are the same in that.
  return { ...host, listener: outer }
}
