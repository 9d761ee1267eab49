import type { App, Wrapper } from '@outerware/core'
import { oidc, type Auth, type OidcOptions, type PublicPath } from '@outerware/oauth2'
import { clientId, clientSecret, type TestProvider } from './provider.ts'

export const origin = 'https://site.test'
export const secret = 'thirty-two characters of a secret'

/** A gate in front of `https://site.test`, with these options beside the needed ones. */
export function gateTo<const P extends readonly PublicPath[] = readonly []>(
  provider: Pick<TestProvider, 'issuer'>,
  options: Partial<OidcOptions<P>> = {},
): Wrapper<{ auth: P extends readonly [] ? Auth : Auth | undefined }> {
  const needed = {
    issuer: provider.issuer,
    clientId,
    clientSecret,
    baseURL: origin,
    secret,
    allowInsecureRequests: true,
    // A provider of this very process, which may be busy.
    timeout: 30,
  }
  return oidc<P>({ ...needed, ...options })
}

/** An app that shows who is there. */
export const whoAmI: App<{ auth: Auth | undefined }> = async (request, { auth }) => {
  const { sub, email, sid, claims } = auth ?? {}
  const { pathname, search } = new URL(request.url)
  return Response.json({ path: pathname + search, sub, email, sid, claims, accessToken: await auth?.accessToken() })
}
