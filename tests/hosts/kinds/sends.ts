/** Plain answers, redirects, reason phrases, header order and case, encodings, chunks. */
import { requestOf, rewritten, withBody, type Kind } from '../harness/kind.ts'

const outOfFetch = { rebuild: 'Fetch knows no status outside 200 to 599' }

/** A kind that is one request by GET. */
const get = (path: string, ...fields: string[]): Kind => ({
  name: `GET ${path}`,
  sends: requestOf(`GET ${path}`, ...fields),
})

export const sends: readonly Kind[] = [
  ...[200, 201, 202, 203, 205, 400, 404, 418, 500, 503].map((code) => get(`/status/${code}`)),
  get('/send-status/403'),
  ...['/string', '/html', '/json', '/json-null', '/buffer', '/empty', '/nothing', '/end', '/end-text'].map((p) =>
    get(p),
  ),
  get('/large'),
  get('/large-text'),
  ...['/async', '/turn', '/microtask', '/tick'].map((path) => get(path)),
  { name: 'format, html wanted', sends: requestOf('GET /format', 'Accept: text/html') },
  { name: 'format, nothing acceptable', sends: requestOf('GET /format', 'Accept: image/png') },
  get('/jsonp?callback=cb'),
  get('/cookies'),
  get('/fields'),
  get('/missing'),
  { ...get('/missing/<b>&"'), exempt: rewritten },
  { name: 'POST to nowhere', sends: withBody('POST /missing', 'hello') },
]

export const redirects: readonly Kind[] = [
  get('/redirect'),
  ...[301, 303, 307, 308].map((status) => get(`/redirect/${status}`)),
  { name: 'redirect, as HTML', sends: requestOf('GET /redirect', 'Accept: text/html') },
  { name: 'redirect, to another site', sends: requestOf('GET /redirect-away') },
]

export const heads: readonly Kind[] = [
  ...['order', 'many', 'object-head', 'object-over-set', 'array-head', 'array-over-set', 'two-cases'].map((name) =>
    get(`/plain/${name}`),
  ),
  get('/plain/two-cases-over-set'),
  ...['reason', 'reason-head', 'status-599'].map((name) => get(`/plain/${name}`)),
  { ...get('/plain/reason-empty'), exempt: { rebuild: 'an empty reason phrase is none to Fetch' } },
  { ...get('/plain/status-999'), exempt: outOfFetch },
  get('/plain/status-text'),
  ...['latin1', 'no-date', 'own-date', 'removed', 'no-keep-alive', 'set-headers'].map((name) => get(`/plain/${name}`)),
  { ...get('/plain/removed-te'), exempt: { rebuild: 'the new body is framed anew, so the connection lives' } },
  get('/plain/connection-close'),
  get('/plain/connection-case'),
]

export const bodies: readonly Kind[] = [
  ...['hex', 'hex-end', 'utf16', 'bytes', 'no-chunks', 'chunks', 'chunks-end', 'chunked-by-name', 'fixed'].map((name) =>
    get(`/plain/${name}`),
  ),
  ...['fixed-head', 'cork', 'cork-end', 'head-then-body', 'implicit-then-more', 'empty-write', 'buffer-reused'].map(
    (name) => get(`/plain/${name}`),
  ),
]
