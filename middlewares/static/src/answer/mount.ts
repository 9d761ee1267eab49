/**
 * Express cuts off where it mounts: under `app.use('/docs', …)` both `/docs` and `/docs/` come as `/`.
 *
 * @module
 */
import { readPath, type Context } from '@outerware/core'

/**
 * Gives the path that was asked for, if it lacks its slash: the links of a page that answered there would miss. Who
 * rewrites `req.url` to `/` means that page where he is.
 */
export function mountWithoutSlash(path: string, { node }: Context): string | undefined {
  if (path !== '/' || node === undefined || !('baseUrl' in node.req && 'originalUrl' in node.req)) return undefined
  const { baseUrl, originalUrl } = node.req
  if (typeof baseUrl !== 'string' || baseUrl === '' || typeof originalUrl !== 'string') return undefined
  return originalUrl.split('?', 1)[0] === baseUrl ? readPath(baseUrl) : undefined
}
