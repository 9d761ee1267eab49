/**
 * What becomes of an exception inside a site.
 *
 *     thrown ─▶ exception hooks, last first ─▶ the page for its status ─▶ a plain page
 *
 * @module
 */
import { isPromise } from '../after.ts'
import type { App, Context } from '../app.ts'
import { plainPage } from '../error-answer.ts'
import type { SiteHooks } from './hooks.ts'

/** A page for a status. With a 500 it also gets what was thrown; it must not show it. */
export type ErrorView = (request: Request, context: Context, error?: unknown) => Response | Promise<Response>

/** What of a site's options speaks of failures. */
export interface FailureOptions {
  /** Pages by status, such as 404 and 500. */
  readonly errors?: Readonly<Record<number, ErrorView>>
  /**
   * Hears of what no exception hook has answered, if its status is 500 or more.
   *
   * @default `console.error`
   */
  readonly report?: (error: unknown, request: Request, context: Context) => void
}

export interface Failures {
  /** The page for a status. */
  page(status: number, request: Request, context: Context, error?: unknown): Response | Promise<Response>
  /** The app, whose exceptions become Responses. */
  guard(app: App): App
}

export function failures(hooks: readonly SiteHooks[], options: FailureOptions): Failures {
  const { errors = {}, report = (error: unknown) => console.error(error) } = options
  const listening = hooks.filter((hook) => hook.exception !== undefined).toReversed()

  const page: Failures['page'] = (status, request, context, error) => {
    const view = errors[status]
    return view === undefined ? plainPage(status) : view(request, context, error)
  }

  const answer = async (error: unknown, request: Request, context: Context): Promise<Response> => {
    for (const hook of listening) {
      const given = await hook.exception?.(error, request, context)
      if (given) return given
    }
    const status = statusOf(error)
    if (status >= 500) report(error, request, context)
    const made = await page(status, request, context, error)
    if (status === 503) made.headers.set('retry-after', String(retryAfterOf(error)))
    return made
  }

  /** A hook or a page that throws itself: its error is reported, and the plain page goes out. */
  const safely = (error: unknown, request: Request, context: Context): Promise<Response> =>
    answer(error, request, context).catch((second: unknown) => {
      report(second, request, context)
      return plainPage(500)
    })

  return {
    page,
    guard: (app) => (request, context) => {
      try {
        const response = app(request, context)
        return isPromise(response)
          ? response.then(undefined, (error: unknown) => safely(error, request, context))
          : response
      } catch (error) {
        return safely(error, request, context)
      }
    },
  }
}

function statusOf(error: unknown): number {
  const { status } = Object(error)
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500
}

function retryAfterOf(error: unknown): number {
  const { retryAfter } = Object(error)
  return typeof retryAfter === 'number' ? retryAfter : 1
}
