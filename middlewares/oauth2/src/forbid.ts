/**
 * The answer for who is signed in, and may not pass.
 *
 * @module
 */
import { after, editHeaders, provide, type Context } from '@outerware/core'
import { say } from './answers.ts'
import type { Auth } from './auth.ts'
import { tell } from './events.ts'
import { addressOf, loginURL } from './login.ts'
import type { Settings } from './settings/settings.ts'

/** Answers with what `forbidden` says, else with a page or a problem document. */
export function forbid(
  settings: Settings,
  request: Request,
  context: Context,
  auth: Auth,
  lines: readonly string[] = [],
): Response | Promise<Response> {
  const { forbidden, on } = settings
  tell(on.refused, { status: 403, error: undefined, auth, request, context })
  if (forbidden === undefined) return say(request, words(settings, request, auth), lines)
  return after(forbidden(request, provide(context, { auth })), (response) =>
    lines.length === 0
      ? response
      : editHeaders(response, (headers) => lines.forEach((line) => headers.append('set-cookie', line))),
  )
}

function words(settings: Settings, request: Request, auth: Auth) {
  return {
    status: 403,
    title: 'You may not see this',
    text: `You are signed in as ${auth.email ?? auth.sub}, which does not let you in here.`,
    links: [
      [loginURL(settings, addressOf(request)), 'Sign in as somebody else'],
      [auth.logoutURL, 'Sign out'],
    ] as const,
  }
}
