/**
 * The one place where an exception becomes a Response. Put it outermost.
 *
 *     request  ─▶ errors ─▶ … ─▶ app
 *     500      ◀─ errors ◀ throw ─┘
 *
 * @module
 */
import { after, isPromise } from './after.ts'
import type { App, Context, Wrapper } from './app.ts'
import { dress, isGone, plainPage, safely, statusOf } from './error-answer.ts'
import { checkApp, servedAsItIs } from './check-app.ts'
import { checkOptions, OptionError } from './option-error.ts'

/** Options of {@link errors}. */
export interface ErrorsOptions {
  /**
   * Makes the answer. What it throws itself is reported, and the plain page goes out.
   *
   * @default a plain page with the status and its name, and nothing of the error
   */
  readonly page?: (status: number, error: unknown, request: Request, context: Context) => Response | Promise<Response>
  /**
   * Hears of every error that is answered with a status of 500 or more. A promise is handed to `waitUntil`; a report
   * that fails stops no answer.
   *
   * @default `console.error`
   */
  readonly report?: (error: unknown, request: Request, context: Context) => void | Promise<void>
}

/**
 * Wraps a site so that an exception becomes an answer: 500, or the error's own `status` from 400 to 599.
 *
 * The message and the stack never go out. A client that has left gets no answer: the `AbortError` passes through.
 * Headers that wrappers inside have kept for errors (`securityHeaders()` does) are put on the answer.
 *
 * @throws {@link OptionError} `errors`, `errors.page`, `errors.report`, once, when called with something else
 * @example
 * export default compose(errors(), securityHeaders())(app)
 */
export function errors(options: ErrorsOptions = {}): Wrapper {
  checkOptions('errors', options, ['page', 'report'])
  const { page = plainPage, report = (error: unknown) => console.error(error) } = options
  if (typeof page !== 'function') throw new OptionError('errors.page', 'a function that gives a Response', page)
  if (typeof report !== 'function') throw new OptionError('errors.report', 'a function', report)

  const tell = safely(report)
  const answerPlainly: Mend = (error, request, context) => {
    tell(error, request, context)
    return dress(plainPage(500), context)
  }
  const answer: Mend = (error, request, context) => {
    if (isGone(error, request)) throw error
    const status = statusOf(error)
    if (status >= 500) tell(error, request, context)
    const paged: App = () => after(page(status, error, request, context), (response) => dress(response, context))
    return mended(paged, answerPlainly)(request, context)
  }
  return (app: App<any>): App<any> => {
    checkApp('errors()(…)', app)
    const inner = mended(app, answer)
    return (request, context) => {
      // Thrown, not mended: nobody is there to send an answer. A test may call an app without a context.
      if (context !== undefined && 'writeHead' in context) throw servedAsItIs()
      return inner(request, context)
    }
  }
}

/** Gives an answer in the place of an exception. */
type Mend = (error: unknown, request: Request, context: Context) => Response | Promise<Response>

/** The app, with its exceptions mended in the turn in which they are thrown. */
function mended(app: App<any>, mend: Mend): App<any> {
  return (request, context) => {
    try {
      const response = app(request, context)
      return isPromise(response) ? response.then(undefined, (error) => mend(error, request, context)) : response
    } catch (error) {
      return mend(error, request, context)
    }
  }
}
