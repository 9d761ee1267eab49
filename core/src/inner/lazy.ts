/**
 * Responses that are rendered late, once, after every hook has had its say.
 *
 * @module
 */
import type { Context } from '../app.ts'
import { respond, type RespondInit } from '../respond.ts'

/** A template and its data, not rendered yet; see {@link render}. */
export class Lazy {
  template: unknown
  data: Record<string, unknown>
  status: number
  /** Fields of the response; `content-type` is HTML unless it says something else. */
  readonly headers: Headers

  constructor(template: unknown, data: Record<string, unknown>, init: Pick<RespondInit, 'status' | 'headers'> = {}) {
    this.template = template
    this.data = data
    this.status = init.status ?? 200
    this.headers = new Headers({ 'content-type': 'text/html; charset=utf-8' })
    const fields = init.headers ?? []
    for (const [name, value] of Symbol.iterator in fields ? fields : Object.entries(fields))
      this.headers.set(name, value)
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
 * Answers with a page that is rendered late: hooks may change template and data until then.
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

/** Renders, once. */
export function renderNow(
  lazy: Lazy,
  renderer: Renderer,
  request: Request,
  context: Context,
): Response | Promise<Response> {
  const page = renderer(lazy.template, lazy.data, request, context)
  const done = (text: string): Response => respond(text, { status: lazy.status, headers: lazy.headers })
  return typeof page === 'string' ? done(page) : page.then(done)
}

/** Tells a lazy response from one that is ready. */
export function isLazy(answer: unknown): answer is Lazy {
  return answer instanceof Lazy
}

/**
 * Runs each in turn, the next when the one before is done.
 *
 * @returns `undefined` if none of them had to be waited for
 */
export function eachInTurn<T>(hooks: readonly T[], run: (hook: T) => unknown, from = 0): Promise<void> | undefined {
  for (let i = from; i < hooks.length; i++) {
    const done = run(hooks[i]!)
    if (done instanceof Promise) return done.then(() => eachInTurn(hooks, run, i + 1))
  }
  return undefined
}
