/**
 * A request that brings a token: judged by the token alone, whatever cookies come with it (R40).
 *
 *     Authorization ─▶ readable? ─▶ good? ─▶ scopes, allow, step-up ─▶ app, with context.auth
 *                        400         401        403       401
 *
 * @module
 */
import { after, editHeaders, type Context } from '@outerware/core'
import { addVary } from '@outerware/core/headers'
import { forbid } from '../answers/forbid.ts'
import { keepPrivate } from '../answers/leave.ts'
import { OAuthError } from '../errors.ts'
import { tell } from '../gate/events.ts'
import type { Enter, Visit } from '../gate/guest.ts'
import { mayPass } from '../gate/policy.ts'
import { addressOf } from '../login/login.ts'
import { unmet, wantedBy, type Step } from '../login/step-up.ts'
import type { Settings } from '../settings/settings.ts'
import { whenThere } from '../store/store.ts'
import { refuse, type Refusal, type Scheme } from './challenge.ts'
import type { Court } from './court.ts'
import type { Bearer, Presented } from './verify.ts'

/** A request at the gate. */
type Guest = Pick<Visit, 'request' | 'context' | 'header'>

/** Lets a request pass by its token, or says what is wrong with it. On public paths a token that is not taken is nobody's. */
export function judge(court: Court, enter: Enter, guest: Guest, authorization: string): Response | Promise<Response> {
  const { settings, bearer } = court
  const { request, context, header } = guest
  const isOpen = settings.isPublic(request)
  const presented = isRepeated(context) ? notReadable : presentedBy(request, authorization, settings)
  const verdict = 'status' in presented ? presented : weigh(court, guest, presented, isOpen)
  return after(verdict, (found) => {
    if ('token' in found) return after(enter(request, context, header, found.token), leave)
    if (isOpen) return after(enter(request, context, header, undefined), varyByToken)
    if ('auth' in found) return forbid(settings, { request, context, auth: found.auth, target: addressOf(request) })
    const error = new OAuthError('ERR_ACCESS_TOKEN', found.description, { status: found.status })
    tell(settings.on.refused, { status: found.status, error, auth: undefined, request, context })
    return refuse(request, bearer, schemeOf(authorization), found)
  })
}

/** Taken; refused for what is wrong with the token; or refused for whose it is. */
type Verdict = { readonly token: Bearer } | Refusal | Pick<Bearer, 'auth'>

function weigh(court: Court, { request }: Guest, presented: Presented, isOpen: boolean): Verdict | Promise<Verdict> {
  const { settings, bearer, verifier } = court
  return after(verifier.verify(presented), (found): Verdict | Promise<Verdict> => {
    if (found instanceof OAuthError) return found.code === 'ERR_ACCESS_TOKEN' ? notGood : notKnown
    if (!found.inScope)
      return { ...tooLittle, description: `The token lacks one of these scopes: ${bearer.scopes.join(' ')}` }
    if (!found.allowed) return found
    const step = isOpen ? undefined : unmet(wantedBy(settings.stepUp, request), found.auth.claims, settings)
    if (step !== undefined) return tooWeak(step)
    return whenThere(mayPass(settings.allow, found, request), (isAllowed) => (isAllowed ? { token: found } : found))
  })
}

/** Of two fields Node gives the first, and whoever is further in may go by the other, which nobody has judged. */
function isRepeated({ node }: Context): boolean {
  const names = node?.req.rawHeaders.filter((name, i) => i % 2 === 0 && /^authorization$/i.test(name)) ?? []
  return names.length > 1
}

/** Reads the field (RFC 6750, 2.1). What is of another scheme is no token, so it is answered as if there were none. */
function presentedBy(request: Request, authorization: string, { site }: Settings): Presented | Refusal {
  const [, token] = /^(?:bearer|dpop) +([\w.~+/-]+=*) *$/i.exec(authorization) ?? []
  if (token === undefined) return /^(?:bearer|dpop)\b/i.test(authorization) ? notReadable : noToken
  const url = site.origin + addressOf(request)
  return { token, scheme: schemeOf(authorization), method: request.method, url, proof: request.headers.get('dpop') }
}

function schemeOf(authorization: string): Scheme {
  return /^dpop\b/i.test(authorization) ? 'DPoP' : 'Bearer'
}

function leave(response: Response): Response {
  if (response.status === 101) return response
  return varyByToken(editHeaders(response, keepPrivate))
}

function varyByToken(response: Response): Response {
  return response.status === 101 ? response : editHeaders(response, (headers) => addVary(headers, 'authorization'))
}

function tooWeak({ acr, maxAge }: Step): Refusal {
  const more = {
    ...(acr !== undefined && { acr_values: acr.join(' ') }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
  }
  const description = 'A different authentication is needed here'
  return { status: 401, error: 'insufficient_user_authentication', description, more }
}

const noToken: Refusal = { status: 401, error: undefined, description: 'An access token is needed here' }
const notReadable: Refusal = { status: 400, error: 'invalid_request', description: 'The token cannot be read' }
const notGood: Refusal = { status: 401, error: 'invalid_token', description: 'The token is expired, or not good here' }
const tooLittle = { status: 403, error: 'insufficient_scope' } as const
const notKnown: Refusal = { status: 503, error: undefined, description: 'The token cannot be judged at the moment' }
