/**
 * The one reading of a request's path. Every wrapper that decides by path uses it, so that a guard
 * and a file server never disagree.
 *
 * @module
 */
import { servedAsItIs } from './check-app.ts'
import { isOwnRequest } from './own/shapes.ts'

/**
 * Reads the path of a request: decoded once, per segment, in Unicode's form NFC.
 *
 * A path that two readers could read in two ways has no reading:
 * 1. a segment that is `.` or `..`, also when spelt with `%2e`;
 * 2. a segment with a `/`, a `\` or a NUL in it once decoded (`%2F`, `%5C`, `%00`), or a raw `\`;
 * 3. a `%` that begins no escape, or escapes that are no UTF-8;
 * 4. raw characters outside printable ASCII, a `#`, or a target that is no path (`*`, `host:443`).
 *
 * Empty segments stay: `//a` is not `/a`. The query is not part of the path.
 *
 * @returns the path, beginning with `/`, or `undefined` where there is no one reading: then nothing is public,
 *   and no file is meant
 * @throws TypeError for a Node server's own request: a site that was given to it without `toNode()`
 * @example
 * pathOf(request) // '/über uns' for GET /%C3%BCber%20uns
 */
export function pathOf(request: Request): string | undefined {
  if (isOwnRequest(request)) return request.path
  if ('rawHeaders' in request) throw servedAsItIs()
  return readPath(request.url)
}

/**
 * Reads the path of a request target or URL; see {@link pathOf}.
 *
 * @param target `/path?query`, or an absolute URL; one without a path has `/` (RFC 9110, 4.2.3)
 */
export function readPath(target: string): string | undefined {
  const start = target.charCodeAt(0) === SLASH ? 0 : pathStart(target)
  if (start === undefined) return undefined
  let end = start
  let escaped = false
  let dotted = false
  for (; end < target.length; end++) {
    const code = target.charCodeAt(end)
    if (code === QUESTION) break
    if (isAmbiguous(code)) return undefined
    if (code === PERCENT) escaped = true
    else if (code === DOT && target.charCodeAt(end - 1) === SLASH) dotted = true
  }
  if (end === start) return '/'
  const path = start === 0 && end === target.length ? target : target.slice(start, end)
  return escaped || dotted ? decodePath(path) : path
}

const [SPACE, HASH, PERCENT, DOT, SLASH, QUESTION, BACKSLASH, DEL] = [32, 35, 37, 46, 47, 63, 92, 127]

function isAmbiguous(code: number): boolean {
  return code <= SPACE || code >= DEL || code === BACKSLASH || code === HASH
}

/** Where the path of an absolute URL begins, or would begin; `undefined` if it is no URL with an authority. */
function pathStart(url: string): number | undefined {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(url)
  if (scheme === null) return undefined
  const start = scheme[0].length
  let end = start
  for (; end < url.length; end++) {
    const code = url.charCodeAt(end)
    if (code === SLASH || code === QUESTION) break
    if (isAmbiguous(code)) return undefined
  }
  return end === start ? undefined : end
}

function decodePath(path: string): string | undefined {
  const segments = path.split('/')
  for (let i = 1; i < segments.length; i++) {
    const segment = decodeSegment(segments[i]!)
    if (segment === undefined) return undefined
    segments[i] = segment
  }
  return segments.join('/').normalize('NFC')
}

const ambiguous = /[/\\\0]/

function decodeSegment(raw: string): string | undefined {
  let segment = raw
  try {
    segment = decodeURIComponent(raw)
  } catch {
    return undefined
  }
  return segment === '.' || segment === '..' || ambiguous.test(segment) ? undefined : segment
}
