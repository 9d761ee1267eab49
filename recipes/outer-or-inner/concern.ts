/**
 * The one concern that is done both ways: every request gets a number, its answer says it, and a line is written when
 * all is over. The same object stands outside, as a wrapper, and inside, as hooks.
 *
 *     fromHooks(requestNumbers(log))              outside: sees every answer
 *     site({ hooks: [requestNumbers(log)] })      inside: sees the view, its parameters and its template, too
 *
 * @module
 */
import { editHeaders } from '@outerware/core'
import type { SiteHooks } from '@outerware/core/inner'

/** What the concern keeps on the context of a request. */
export interface Numbered {
  number: string
  /** What it has come to know of the request. */
  known: string[]
}

/** The field that tells an answer that is covered from one that is not. */
export const FIELD = 'x-request-number'

/** Makes the hooks. They are made once: what belongs to a request goes on its context. */
export function requestNumbers(log: (line: string) => void): SiteHooks<Numbered> {
  let count = 0
  return {
    request({ method, url }, context) {
      const known = [method, new URL(url).pathname]
      context.number = (++count).toString(36)
      context.known = known
      context.onFinish(({ status, outcome }) => log([...known, status, outcome].join(' · ')))
      return undefined
    },
    // These two are asked inside only.
    view(view, _request, { known, route, params }) {
      known.push(`view ${view.name}`, `route ${route.pattern}`)
      for (const [name, value] of Object.entries(params)) known.push(`${name} = ${value}`)
    },
    render(lazy, _request, { known }) {
      known.push(`template ${String(lazy.template)} with ${Object.keys(lazy.data).join(', ')}`)
    },
    response: (response, _request, { number }) => editHeaders(response, (headers) => headers.set(FIELD, number)),
  }
}
