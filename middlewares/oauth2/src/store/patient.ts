/**
 * A store that gives its answer in time, or fails. The client of a server that is gone may keep what it is asked until it
 * has the server back, or wait for ever: a request would wait as long.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { isInMemory } from './memory-store.ts'
import { isPromised, type Eventually, type SessionStore } from './store.ts'

/** The same store, for all that is asked of it. Locks are waited for by who wants them, with a limit of their own. */
export function patient(store: SessionStore): SessionStore {
  if (isInMemory(store)) return store
  return {
    get: (key) => inTime(store.get(key)),
    set: (key, value, options) => inTime(store.set(key, value, options)),
    delete: (key) => inTime(store.delete(key)),
    ...(store.lock !== undefined && {
      lock: async (key, ttl) => {
        const release = await store.lock!(key, ttl)
        return () => inTime(release())
      },
    }),
    ...(store.index !== undefined && { index: (set, key, ttl) => inTime(store.index!(set, key, ttl)) }),
    ...(store.members !== undefined && { members: (set) => inTime(store.members!(set)) }),
  }
}

const PATIENCE_MS = 5000

function inTime<T>(answer: Eventually<T>): Eventually<T> {
  if (!isPromised(answer)) return answer
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new OAuthError('ERR_STORE', 'the store of the sessions gives no answer in time'))
    const timer = setTimeout(giveUp, PATIENCE_MS)
    Promise.resolve(answer)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject)
  })
}
