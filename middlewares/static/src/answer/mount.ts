/**
 * Express and Connect cut off where they mount: under `app.use('/docs', …)` both `/docs` and `/docs/` come as `/`.
 *
 * @module
 */
import { readPath, type Context } from '@outerware/core'

/** Gives the path that was asked for, if it lacks its slash: the links of a page that answered there would miss. */
export function mountWithoutSlash(path: string, { node }: Context): string | undefined {
  if (path !== '/' || node === undefined || !('originalUrl' in node.req)) return undefined
  const { originalUrl } = node.req
  const asked = typeof originalUrl === 'string' ? readPath(originalUrl) : undefined
  return asked?.endsWith('/') === false ? asked : undefined
}
