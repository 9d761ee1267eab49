/**
 * Options of who may see what, and of what the app inside is told of them.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { Auth } from '../gate/auth.ts'

/** The part of {@link OidcOptions} that is about who may pass. */
export interface AccessOptions<Public extends readonly PublicPath[] = readonly PublicPath[]> {
  /**
   * What may be seen without signing in: an exact path (`/public`), all below one (`/public/*`), one of these for a
   * method only, or a function. Paths are decoded, in form NFC, as `pathOf()` reads them; a path with no one reading
   * is not public. Where there are public paths, `context.auth` may be `undefined`.
   *
   * @default []
   */
  readonly publicPaths?: Public
  /**
   * What becomes of a request that nobody has signed in for: `redirect` to the provider, or `401`. A function may
   * say which, or answer itself.
   *
   * @default 'auto': redirect for navigations (Sec-Fetch-Mode, else Accept with html; GET and HEAD only), 401 for all else
   */
  readonly unauthenticated?: 'auto' | Turn | ((request: Request, context: Context) => Turn | 'auto' | Response)
  /**
   * Who may pass.
   *
   * @default everybody whom the provider knows
   */
  readonly allow?: AllowOptions
  /**
   * Answers a user who is signed in and may not pass.
   *
   * @default a page, or a problem document, with status 403
   */
  readonly forbidden?: (request: Request, context: Context & { readonly auth: Auth }) => Response | Promise<Response>
  /**
   * Header fields for the app inside, each with the claim that it carries: `{ 'x-forwarded-user': 'sub' }`. Values
   * outside printable ASCII, and `%`, are percent-encoded as UTF-8; the members of a list are joined by commas. An
   * `email` that the provider says is not verified (`email_verified: false`) is left out.
   * What a client sends in these fields, or in the usual ones (`x-forwarded-user`, `x-auth-request-email`,
   * `remote-user` ...), is removed from every request, in spellings with `_` or `.` too. `false` leaves the fields of the
   * client to the app: never do that if the app believes them.
   *
   * @default {}: remove the usual fields, add none
   */
  readonly identityHeaders?: Readonly<Record<string, string>> | false
  /**
   * Paths that ask for a login of a certain kind, or a recent one; the first rule that matches says it. A browser is
   * sent to sign in again, a client with a token gets 401 with `insufficient_user_authentication` (RFC 9470).
   *
   * @default []
   */
  readonly stepUp?: readonly StepUpRule[]
  /**
   * Other origins, spelt as browsers spell them, whose pages may open WebSockets with the session of a user. To those of
   * all others nobody is signed in.
   *
   * @default []
   */
  readonly trustedOrigins?: readonly string[]
}

/** What to do with a request that nobody has signed in for. */
export type Turn = 'redirect' | '401'

/** See {@link OidcOptions.publicPaths}. */
export type PublicPath =
  | string
  | { readonly method: string | readonly string[]; readonly path: string }
  | ((request: Request, path: string) => boolean)

/**
 * Who may pass. All that is given must hold:
 * 1. the address is one of `emails`, or its domain one of `emailDomains`, and the provider does not call it unverified;
 * 2. the claim `groups` has at least one of `groups`;
 * 3. each of `claims` has the value, or one of the values, or is a list with one of them;
 * 4. `check` says `true`.
 *
 * 1 to 3 are asked at login and whenever a session is opened, 4 at every request of who passes them. Whoever may not pass
 * is nobody on public pages.
 */
export interface AllowOptions {
  /** Compared in lower case. */
  readonly emails?: readonly string[]
  /** Exact domains, such as `example.com`, compared in lower case; `.example.com` stands for all below it. */
  readonly emailDomains?: readonly string[]
  readonly groups?: readonly string[]
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>
  /** Asked at every request of who is signed in. */
  readonly check?: (auth: Auth, request: Request) => boolean | Promise<boolean>
}

/** A value that a claim can be compared with. */
export type ClaimValue = string | number | boolean

/** See {@link OidcOptions.stepUp}. */
export interface StepUpRule {
  /**
   * A path, or one and all below it (`/admin/*`), as a router may read them: `/Admin/` is `/admin`, and `//admin` is.
   */
  readonly path: string
  /** For these methods only, such as `POST`; GET stands for HEAD too. */
  readonly method?: string | readonly string[]
  /** What the claim `acr` must be, or what it may be, in order of preference; asked for as `acr_values`. */
  readonly acr?: string | readonly string[]
  /**
   * How long ago the user may have authenticated, by the claim `auth_time`; asked for as `max_age`.
   *
   * Unit: seconds; a whole number >= 0.
   */
  readonly maxAge?: number
}
