/**
 * Edits that must see a body before it is coded, for wrappers that stand outside of the one that codes.
 *
 *     securityHeaders ── leaves an edit ──▶ compression ── makes it, then codes ◀── app
 *
 * @module
 */
import type { Context } from './app.ts'

/** Changes a response on its way out. */
export type ResponseEdit = (response: Response, request: Request, context: Context) => Response

// Known to all copies of this package.
const key: unique symbol = Symbol.for('outerware.beforeCoding')

interface Editing {
  [key]?: ResponseEdit[] | undefined
}

/**
 * Leaves an edit for whoever is the first to change the body's coding further in; `compression()` for one. Who leaves
 * it calls {@link editBeforeCoding} on the way out, which makes it if nobody has.
 *
 * @example
 * beforeCoding(context, replaceWords)
 * return after(app(request, context), (response) => editBeforeCoding(response, request, context))
 */
export function beforeCoding(context: Context, edit: ResponseEdit): void {
  const editing: Context & Editing = context
  const edits = editing[key]
  if (edits === undefined) editing[key] = [edit]
  else edits.push(edit)
}

/**
 * Makes the edits that were left, those from further in first; each is made once for a request. A wrapper that codes
 * bodies calls it before it looks at the response.
 */
export function editBeforeCoding(response: Response, request: Request, context: Context): Response {
  const editing: Context & Editing = context
  const edits = editing[key]
  if (edits === undefined) return response
  editing[key] = undefined
  return edits.reduceRight((edited, edit) => edit(edited, request, context), response)
}
