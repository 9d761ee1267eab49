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
