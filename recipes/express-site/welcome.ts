/**
 * What the terminal says when all is up.
 *
 * @module
 */
import { people } from './provider-settings.ts'

/** Writes the welcome for these addresses. */
export function welcome({ baseURL, issuer }: { readonly baseURL: string; readonly issuer: string }): string {
  const [keeper, , , stranger] = people
  return `
Skerry Light is lit: an Express site behind five wrappers.

  The site       ${baseURL}
  The provider   ${issuer}

In the browser
  1. Open ${baseURL} and look at its tides: public.
  2. Open the watch. You are sent to sign in: choose ${keeper.name}, any password.
  3. Leave the watch open, write in the log in another tab: the entry arrives.
  4. Sign in as ${stranger.name}: the provider knows him, the site lets in keepers only.

With curl
  curl -i ${baseURL}/                 a public page, with every security header
  curl -i ${baseURL}/api/log          401: a program is told, not redirected
  curl -i -H 'Sec-Fetch-Mode: navigate' ${baseURL}/log
                                              303: a browser is sent to sign in
  curl -i --compressed ${baseURL}/tides
                                              the page, compressed
  curl -i ${baseURL}/favicon.svg      a file, before Express or the gate hear of it

Ctrl-C stops.
`
}
