/**
 * Responses that are rendered late, once, after every hook has had its say.
 *
 * @module
 */
import type { Context } from '../app.ts'
import type { RespondInit } from '../respond.ts'
import { callerOf } from './development.ts'

// A registered symbol, so that two copies of this package know each other's.
const kind: symbol = Symbol.for('outerware.lazy')

/** A template and its data, not rendered yet; see {@link render}. */
export class Lazy {
  readonly kind: symbol = kind
  template: unknown
  data: Record<string, unknown>
  status: number
  /** Fields of the response; `content-type` is HTML unless it says something else. */
  readonly headers: Headers
  #claimed = false
  readonly #caller: () => string | undefined

  constructor(template: unknown, data: Record<string, unknown>, init: Pick<RespondInit, 'status' | 'headers'> = {}) {
    this.#caller = callerOf(render)
    this.template = template
    // A copy: what a hook adds for one request must not stay in an object that outlives it.
    this.data = { ...data }
    this.status = init.status ?? 200
    this.headers = new Headers()
    const fields = init.headers ?? []
    for (const [name, value] of Symbol.iterator in fields ? fields : Object.entries(fields)) {
      this.headers.append(name, value)
    }
    if (!this.headers.has('content-type')) this.headers.set('content-type', 'text/html; charset=utf-8')
  }

  /**
   * There is none yet: where a Response is wanted, this one says what is wrong, and goes out as no empty page. It names
   * the view that asked for it; in production its template only.
   */
  get body(): never {
    const caller = this.#caller()
    const who = caller === undefined ? '' : `, which was asked for by ${caller},`
    throw new TypeError(
      `render(${nameOf(this.template)})${who} was never rendered: give its view to a site, ` +
        'site({ routes: [path(…, view)], renderer })',
    )
  }

  /** Takes it for one request. `false` if another has taken it, or this one twice. */
  claim(): boolean {
    const first = !this.#claimed
    this.#claimed = true
    return first
  }
}

/**
 * Makes a page of a template and its data: a string, at once or later.
 *
 * @param template whatever `render()` was given: a name, a function, a component
 */
export type Renderer = (
  template: unknown,
  data: Readonly<Record<string, unknown>>,
  request: Request,
  context: Context,
) => string | Promise<string>

/**
 * Answers with a page that is rendered late: hooks may change template, data, status and headers until then.
 *
 * It is made for one request and rendered once; the data is copied, one level deep.
 *
 * @param template whatever the site's `renderer` takes
 * @example
 * const article: View = (request, context) => render('article', { slug: context.params.slug })
 */
export function render(
  template: unknown,
  data: Record<string, unknown> = {},
  init?: Pick<RespondInit, 'status' | 'headers'>,
): Lazy {
  return new Lazy(template, data, init)
}

/** Tells a lazy response from one that is ready. */
export function isLazy(answer: unknown): answer is Lazy {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === kind
}

/** Names a template in a message. */
export function nameOf(template: unknown): string {
  if (typeof template === 'string') return `'${template}'`
  return typeof template === 'function' && template.name !== '' ? template.name : '…'
}
