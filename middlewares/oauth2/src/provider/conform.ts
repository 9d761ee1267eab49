/**
 * Answers of the token endpoint that are not quite those of RFC 6749, made what it says.
 *
 * @module
 */
import type { Provider } from './provider.ts'

/**
 * Makes an answer of the token endpoint what RFC 6749, 5.1 and 5.2, say that it is. Whatever the provider, a lifetime
 * that can be none is as good as none: many write 0 where they know of no end. Some of plain OAuth 2 answer an error with
 * status 200 and a code of their own, name no type of token, or have an ID token, which nobody asks for or could check.
 */
export async function conform({ preset }: Provider, response: Response): Promise<Response> {
  const body = await jsonOf(response)
  if (typeof body !== 'object' || body === null) return response
  const { error, expires_in: lifetime, ...rest }: Answer = body
  if (preset.kind === 'oauth2' && typeof error === 'string') {
    const status = response.status === 200 ? 400 : response.status
    return Response.json({ error: preset.errors?.[error] ?? error }, { status })
  }
  const isNone = lifetime !== undefined && !isLifetime(lifetime)
  const isOdd = preset.kind === 'oauth2' && (rest.token_type === undefined || rest.id_token !== undefined)
  if (response.status !== 200 || !(isNone || isOdd)) return response
  const given = { ...rest, ...(!isNone && { expires_in: lifetime }) }
  return Response.json(isOdd ? { token_type: 'bearer', ...given, id_token: undefined } : given)
}

/** Tells whether an answer holds what every grant has (RFC 6749, 5.1). */
export async function hasToken(response: Response): Promise<boolean> {
  const { access_token: access, token_type: type }: Answer = Object(await jsonOf(response))
  return typeof access === 'string' && access !== '' && typeof type === 'string'
}

interface Answer {
  readonly access_token?: unknown
  readonly error?: unknown
  readonly expires_in?: unknown
  readonly token_type?: unknown
  readonly id_token?: unknown
}

/** Seconds, at least one; a string of digits is what some send. */
function isLifetime(value: unknown): boolean {
  const seconds = Number.parseFloat(String(value))
  return Number.isFinite(seconds) && seconds >= 1
}

/** The JSON of an answer, which can still be read afterwards; `undefined` if it is none. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json()
  } catch {
    return undefined
  }
}
