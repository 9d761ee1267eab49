/**
 * Reading a JWT before it is checked: only to know whom to ask about it.
 *
 * @module
 */
import { decodeJwt, type JWTPayload } from 'jose'

/** What a JWT says of itself; nothing of it is proven. What is none says nothing. */
export function unproven(token: string): JWTPayload {
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}
