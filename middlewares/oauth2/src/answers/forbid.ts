/**
 * The answer for who is signed in, and may not pass.
 *
 * @module
 */
import { after, editHeaders, provide, type Context } from '@outerware/core'
import type { Auth } from '../gate/auth.ts'
import { tell } from '../gate/events.ts'
import { loginURL } from '../login/login.ts'
import type { Settings } from '../settings/settings.ts'
import { say, type Words } from './answers.ts'

/** What is refused. */
export interface Refusal {
  readonly request: Request
  readonly context: Context
  readonly auth: Auth
  /** The page that was wanted, as a path. */
  readonly target: string
  /** More cookies to set. */
  readonly lines?: readonly string[]
}

/** Answers with what `forbidden` says, else with a page or a problem document. */
export function forbid(
  settings: Settings,
  { request, context, auth, target, lines = [] }: Refusal,
): Response | Promise<Response> {
  const { forbidden, inward, on } = settings
  tell(on.refused, { status: 403, error: undefined, auth, request, context })
  if (forbidden === undefined) return say(request, words(settings, auth, target), lines)
  const spared = inward(request, context, request.headers.get('cookie'), [])
  return after(forbidden(spared, provide(context, { auth })), (response) =>
    lines.length === 0
      ? response
      : editHeaders(response, (headers) => lines.forEach((line) => headers.append('set-cookie', line))),
  )
}

function words(settings: Settings, auth: Auth, target: string): Words {
  return {
    status: 403,
    title: 'You may not see this',
    text: `You are signed in as ${auth.email ?? auth.sub}, which does not let you in here.`,
    // The provider would send the same user back at once, were it not told to ask.
    links: [
      [loginURL(settings, { returnTo: target, prompt: 'login' }), 'Sign in as somebody else'],
      [auth.logoutURL, 'Sign out'],
    ],
  }
}
