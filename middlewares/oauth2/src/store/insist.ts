/**
 * Writing what must not get lost: a store that is in trouble for a moment is asked again.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'

/** Does it, three times at most, as long as only the store is in the way. */
export async function insist<T>(write: () => Promise<T>, tries = 3): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'ERR_STORE' || tries <= 1) throw error
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return insist(write, tries - 1)
  }
}

const PAUSE_MS = 200
