/**
 * Parts of a body of which the client has the beginning.
 *
 * @module
 */
import { editRequestHeaders, type Context } from '@outerware/core'

/**
 * Has a Node app see no range where If-Range holds a weak tag, which never matches (RFC 9110, section 13.1.5).
 *
 * Express compares it as if it were strong. The client may then have the beginning of the coded bytes, and would get the
 * rest of the bare ones.
 */
export function ignoreWeakRange(request: Request, { node }: Context): void {
  if (node === undefined || !request.headers.get('if-range')?.startsWith('W/')) return
  editRequestHeaders(request, (headers) => headers.delete('range'))
}
