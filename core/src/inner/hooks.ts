/**
 * What runs inside a site: views, and the hooks around them.
 *
 * @module
 */
import type { Context, Finished, Hooks } from '../app.ts'
import type { Lazy } from './lazy.ts'

/** What a view finds on the context: the values of its route's parameters, and the route. */
export interface Matched<Params = Readonly<Record<string, string | undefined>>> {
  params: Params
  route: { readonly pattern: string; readonly name: string | undefined }
}

/** What a view may give: a Response, or one that is rendered late. */
export type Answer = Response | Lazy

/** A function view. */
export type View<Params = Readonly<Record<string, string | undefined>>, Needs extends object = {}> = (
  request: Request,
  context: Context & Matched<Params> & Needs,
) => Answer | Promise<Answer>

/**
 * Hooks inside a site. `request` and `response` are those of every wrapper, so that `securityHeadersHooks()` fits;
 * the others know what only the inside knows.
 *
 * They are made once: what belongs to a request goes on its context, never on the hook.
 */
export interface SiteHooks extends Hooks {
  /** Sees which view was found, before it is called; an answer takes the view's place. */
  view?(view: View, request: Request, context: Context & Matched): Answer | void | Promise<Answer | void>
  /** May change template, data, status and headers of a lazy response until it is rendered. */
  render?(lazy: Lazy, request: Request, context: Context & Matched): void | Promise<void>
  /** Sees what a view or a hook has thrown, last hook first; a Response answers. */
  exception?(error: unknown, request: Request, context: Context): Response | void | Promise<Response | void>
  /** Called once, after the last byte, whatever became of the client. */
  finished?(finished: Finished, request: Request, context: Context): void
}
