/**
 * The one place where an exception becomes a Response. Put it outermost.
 *
 *     request  ─▶ errors ─▶ … ─▶ app
 *     500      ◀─ errors ◀ throw ─┘
 *
 * @module
 */
import { isPromise } from './after.ts'
import type { App, Context, Wrapper } from './app.ts'
import { keptForError } from './context.ts'
import { editHeaders } from './edit.ts'
import { OptionError } from './option-error.ts'
import { respond } from './respond.ts'

/** Options of {@link errors}. */
export interface ErrorsOptions {
  /**
   * Makes the answer. What it throws itself is reported, and the plain page goes out.
   *
   * @default a plain page with the status and its name, and nothing of the error
   */
  readonly page?: (status: number, error: unknown, request: Request, context: Context) => Response | Promise<Response>
  /**
   * Hears of every error that is answered with a status of 500 or more.
   *
   * @default `console.error`
   */
  readonly report?: (error: unknown, request: Request, context: Context) => void
}

/**
 * Wraps a site so that an exception becomes an answer: 500, or the error's own `status` from 400 to 599.
 *
 * The message and the stack never go out. A client that has left gets no answer: its `AbortError` passes through.
 * Headers that wrappers inside have kept for errors (`securityHeaders()` does) are put on the answer.
 *
 * @throws {@link OptionError} `errors.page`, `errors.report`, when called with something else than functions
 * @example
 * export default compose(errors(), securityHeaders())(app)
 */
export function errors(options: ErrorsOptions = {}): Wrapper {
  const { page = plainPage, report = (error: unknown) => console.error(error) } = options
  if (typeof page !== 'function') throw new OptionError('errors.page', 'a function that gives a Response', page)
  if (typeof report !== 'function') throw new OptionError('errors.report', 'a function', report)

  return (app: App<any>): App<any> => {
    const answer = (error: unknown, request: Request, context: Context): Response | Promise<Response> => {
      if (isGone(error)) throw error
      const status = statusOf(error)
      if (status >= 500) report(error, request, context)
      const made = respondSafely(() => page(status, error, request, context), request, context)
      return isPromise(made) ? made.then((response) => dress(response, context)) : dress(made, context)
    }
    const respondSafely = (make: () => Response | Promise<Response>, request: Request, context: Context) => {
      const plainly = (error: unknown): Response => {
        report(error, request, context)
        return plainPage(500)
      }
      try {
        const made = make()
        return isPromise(made) ? made.catch(plainly) : made
      } catch (error) {
        return plainly(error)
      }
    }
    return (request, context) => {
      try {
        const response = app(request, context)
        return isPromise(response) ? response.catch((error: unknown) => answer(error, request, context)) : response
      } catch (error) {
        return answer(error, request, context)
      }
    }
  }
}

function plainPage(status: number): Response {
  return respond(`${status} ${names[status] ?? (status < 500 ? 'Bad Request' : 'Internal Server Error')}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/** Names of the statuses that errors of Node libraries carry most often (RFC 9110, section 15). */
const names: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

function dress(response: Response, context: Context): Response {
  const kept = keptForError(context)
  if (kept.length === 0) return response
  return editHeaders(response, (headers) => {
    for (const [name, value] of kept) if (!headers.has(name)) headers.set(name, value)
  })
}

/** The status that an error asks for: `status` or `statusCode`, as `http-errors` and most frameworks have it. */
function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500
  const status = 'status' in error ? error.status : 'statusCode' in error ? error.statusCode : 500
  return typeof status === 'number' && status >= 400 && status <= 599 ? Math.trunc(status) : 500
}

function isGone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError'
}
