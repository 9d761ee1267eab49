/** HEAD nine ways, other methods, and the statuses that have no body. */
import { requestOf, withBody, type Kind } from '../harness/kind.ts'

const one = (line: string, ...fields: string[]): Kind => ({ name: line, sends: requestOf(line, ...fields) })

export const headRequests: readonly Kind[] = [
  ...['/string', '/json', '/missing', '/redirect', '/file', '/stream'].map((path) => one(`HEAD ${path}`)),
  ...['/plain/length', '/plain/length-body', '/plain/write', '/plain/no-body'].map((path) => one(`HEAD ${path}`)),
]

export const methods: readonly Kind[] = [
  one('OPTIONS /options'),
  one('OPTIONS /missing'),
  { ...one('TRACE /echo-method'), exempt: { native: 'Fetch has no TRACE' } },
  one('PROPFIND /echo-method'),
  one('PURGE /echo-method'),
  one('M-SEARCH /echo-method'),
  { name: 'GET with a body', sends: withBody('GET /echo-method', 'a body') },
  { name: 'DELETE with a body', sends: withBody('DELETE /echo-method', 'a body') },
  { name: 'QUERY with a body', sends: withBody('QUERY /echo-method', 'a body') },
  { name: 'a method that nobody knows', sends: requestOf('BREW /pot') },
]

const refusing = { options: { rejectNonStandardBodyWrites: true } }

export const withoutBody: readonly Kind[] = [
  one('GET /status/204'),
  one('GET /status/304'),
  ...['no-body', 'no-body-fields', 'reset-content', 'not-modified', 'not-modified-body'].map((n) =>
    one(`GET /plain/${n}`),
  ),
  one('GET /plain/body-ignored'),
  { ...one('GET /plain/body-refused'), ...refusing },
  { ...one('HEAD /plain/body-refused'), ...refusing, name: 'HEAD /plain/body-refused' },
  { ...one('HEAD /plain/write'), ...refusing, name: 'HEAD with a body, not refused by default', options: {} },
]
