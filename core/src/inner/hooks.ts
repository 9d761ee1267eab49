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
export interface SiteHooks<Adds extends object = {}, Needs extends object = {}> extends Hooks<Adds, Needs> {
  /** Sees which view was found, before it is called; an answer takes the view's place. */
  view?(view: View, request: Request, context: Context & Matched & Adds & Needs): Answer | void | Promise<Answer | void>
  /**
   * May change template, data, status and headers of a lazy response until it is rendered. `params` and `route` are
   * not there for a page of `errors` where no route was found.
   */
  render?(lazy: Lazy, request: Request, context: Context & Partial<Matched> & Adds & Needs): void | Promise<void>
  /** Sees what a view or a hook has thrown, last hook first; a Response answers. */
  exception?(error: unknown, request: Request, context: Context): Response | void | Promise<Response | void>
  /**
   * Called once, after the last byte, whatever became of the client. A promise is handed to `waitUntil`. Not called
   * when a hook further out has answered.
   */
  finished?(finished: Finished, request: Request, context: Context): void | Promise<void>
}

/** What some hooks put on the context for the views. */
export type AddsOfHooks<H extends readonly SiteHooks[]> = H extends readonly [infer First, ...infer Rest]
  ? AddsOfOne<First> & (Rest extends readonly SiteHooks[] ? AddsOfHooks<Rest> : {})
  : {}

/** What some hooks need that hooks further out do not add. */
export type NeedsOfHooks<H extends readonly SiteHooks[], Added extends object = {}> = H extends readonly [
  infer First,
  ...infer Rest,
]
  ? Unmet<NeedsOfOne<First>, Added> &
      (Rest extends readonly SiteHooks[] ? NeedsOfHooks<Rest, Added & AddsOfOne<First>> : {})
  : {}

/** What is needed, without what is there. */
export type Unmet<Needs, Added> = [keyof Needs] extends [never] ? {} : Omit<Needs, keyof Added>

/** The response half sees what is added and what is needed; the request half what is needed, and the rest as optional. */
type AddsOfOne<H> = H extends { readonly response?: infer Half }
  ? Half extends (response: Response, request: Request, context: infer C) => unknown
    ? Omit<C, keyof Context | keyof NeedsOfOne<H>>
    : {}
  : {}

type NeedsOfOne<H> = H extends { readonly request?: infer Half }
  ? Half extends (request: Request, context: infer C) => unknown
    ? Demanded<Omit<C, keyof Context>>
    : {}
  : {}

type Demanded<T> = { [K in keyof T as {} extends Pick<T, K> ? never : K]: T[K] }
