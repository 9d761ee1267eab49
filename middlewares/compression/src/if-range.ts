/**
 * Parts of a body of which the client has the beginning.
 *
 * @module
 */
import { editRequestHeaders, type Context } from '@outerware/core'

/**
 * Has a Node app see no range where If-Range does not tell the bare bytes from the coded ones: the client may have the
 * beginning of the one, and would get the rest of the other.
 *
 * 1. A weak tag never matches (RFC 9110, section 13.1.5); Express compares it as if it were strong.
 * 2. A date that two representations share is no strong validator (section 8.8.1), so it does not match either. Only of
 *    what is known to go out bare always there is but one.
 *
 * @param isBare tells whether what was last modified then is such a thing
 */
export function ignoreSharedRange(
  request: Request,
  { node }: Context,
  isBare: (request: Request, lastModified: string) => boolean,
): void {
  const validator = node === undefined ? null : request.headers.get('if-range')
  if (validator === null || validator.startsWith('"') || isBare(request, validator)) return
  editRequestHeaders(request, (headers) => headers.delete('range'))
}
