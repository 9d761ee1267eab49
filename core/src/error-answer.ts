/**
 * The answer that is made of an error, by `errors()` or by the host.
 *
 * @module
 */
import type { Context } from './app.ts'
import { keptForError } from './context.ts'
import { editHeaders } from './edit.ts'
import { respond } from './respond.ts'

/** Puts on the answer what wrappers inside have kept for it; see `keepForError`. */
export function dress(response: Response, context: Context): Response {
  const kept = keptForError(context)
  if (kept.length === 0) return response
  return editHeaders(response, (headers) => {
    for (const [name, value] of kept) {
      if (name.toLowerCase() === 'set-cookie') headers.append(name, value)
      else if (!headers.has(name)) headers.set(name, value)
    }
  })
}

/** The page when nobody makes a better one: the status and its name, and nothing of the error. */
export function plainPage(status: number): Response {
  return respond(`${status} ${names[status] ?? (status < 500 ? 'Client Error' : 'Server Error')}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/** The status that an error asks for: `status` or `statusCode`, as `http-errors` and most frameworks have it. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500
  if ('status' in error && isErrorStatus(error.status)) return error.status
  return 'statusCode' in error && isErrorStatus(error.statusCode) ? error.statusCode : 500
}

function isErrorStatus(status: unknown): status is number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599
}

/**
 * Tells whether an error says no more than that the client has left. An app that aborts something by itself, with the
 * client still there, has failed as with any other error.
 */
export function isGone(error: unknown, request: Request): boolean {
  const aborted = typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError'
  return aborted && request.signal.aborted
}

/** What hears of errors; of `errors()`, and of a site inside. */
type Report = (error: unknown, request: Request, context: Context) => void | Promise<void>

/** Makes a report that stops no answer when it fails itself; a promise is handed to `waitUntil`. */
export function safely(report: Report): (...told: Parameters<Report>) => void {
  return (error, request, context) => {
    try {
      const reporting = report(error, request, context)
      if (reporting !== undefined) context.waitUntil(reporting)
    } catch (failure) {
      console.error(failure, 'while reporting', error)
    }
  }
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
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
