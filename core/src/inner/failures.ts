/**
 * What becomes of an exception inside a site.
 *
 *     thrown ─▶ exception hooks, last first ─▶ the page for its status ─▶ a plain page
 *
 * @module
 */
import { isPromise } from '../after.ts'
import type { App, Context } from '../app.ts'
import { editHeaders } from '../edit.ts'
import { dress, isGone, plainPage, safely, statusOf } from '../error-answer.ts'
import { checkHook } from './answers.ts'
import type { Finish } from './finish.ts'
import type { Answer, SiteHooks } from './hooks.ts'
import { NotReady } from './setup.ts'

/** A page for a status. With an exception it also gets what was thrown; it must not show it. */
export type ErrorView = (request: Request, context: Context, error?: unknown) => Answer | Promise<Answer>

/** What of a site's options speaks of failures. */
export interface FailureOptions {
  /**
   * Pages by status, 400 to 599, such as 404 and 500; `render(…)` will do. They say their own status.
   *
   * @default a plain page with the status and its name
   */
  readonly errors?: Readonly<Record<number, ErrorView>>
  /**
   * Hears of what no exception hook has answered, if its status is 500 or more, and of a hook or page that fails while
   * it answers an exception. A promise is handed to `waitUntil`; a report that fails stops no answer.
   *
   * @default `console.error`
   */
  readonly report?: (error: unknown, request: Request, context: Context) => void | Promise<void>
}

export interface Failures {
  /** The page for a status. */
  page(status: number, request: Request, context: Context, error?: unknown): Response | Promise<Response>
  /** The answer to an exception. Rejects with the `AbortError` of a client that has left: nobody waits for an answer. */
  refuse(error: unknown, request: Request, context: Context): Promise<Response>
  /** The app, whose exceptions become Responses. */
  guard(app: App): App
}

export function failures(hooks: readonly SiteHooks[], finish: Finish, options: FailureOptions): Failures {
  const { errors = {}, report = (error: unknown) => console.error(error) } = options
  const tell = safely(report)
  const ask = asker(hooks, tell)

  const page: Failures['page'] = (status, request, context, error) => {
    const view = errors[status]
    if (view === undefined) return plainPage(status)
    return finish(view(request, context, error), `errors[${status}]`, request, context)
  }

  const show = async (error: unknown, request: Request, context: Context): Promise<Response> => {
    const status = statusOf(error)
    if (status >= 500 && isNews(error)) tell(error, request, context)
    try {
      return await page(status, request, context, error)
    } catch (second) {
      tell(second, request, context)
      return plainPage(status)
    }
  }

  const refuse: Failures['refuse'] = async (error, request, context) => {
    if (isGone(error, request)) throw error
    const response = (await ask(error, request, context)) ?? waiting(await show(error, request, context), error)
    return dress(response, context)
  }
  return { page, refuse, guard: (app) => guarded(app, refuse) }
}

type Ask = (error: unknown, request: Request, context: Context) => Promise<Response | undefined>

/** Asks the exception hooks, last first; one that fails itself is told of, and passed over. */
function asker(hooks: readonly SiteHooks[], tell: (error: unknown, request: Request, context: Context) => void): Ask {
  const listening = hooks
    .map((hook, i) => ({ hook, who: `hooks[${i}].exception` }))
    .filter(({ hook }) => hook.exception !== undefined)
    .toReversed()
  return async (error, request, context) => {
    // What precedes the hooks is none of theirs.
    if (error instanceof NotReady) return undefined
    for (const { hook, who } of listening) {
      try {
        const given = await checkHook(hook.exception?.(error, request, context), who)
        if (given !== undefined) return given
      } catch (second) {
        tell(second, request, context)
      }
    }
    return undefined
  }
}

function guarded(app: App, refuse: Failures['refuse']): App {
  return (request, context) => {
    try {
      const response = app(request, context)
      if (!isPromise(response)) return response
      return response.then(undefined, (error: unknown) => refuse(error, request, context))
    } catch (error) {
      return refuse(error, request, context)
    }
  }
}

/** A setup that failed is told once for each try, however many have waited for it. */
function isNews(error: unknown): boolean {
  return !(error instanceof NotReady) || error.claim()
}

/** Says when to come again, where the error knows. */
function waiting(response: Response, error: unknown): Response {
  const { retryAfter } = Object(error)
  if (typeof retryAfter !== 'number' || response.headers.has('retry-after')) return response
  return editHeaders(response, (headers) => headers.set('retry-after', String(Math.ceil(retryAfter))))
}
