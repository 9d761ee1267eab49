/**
 * Doing something that nobody else does meanwhile, under a lock.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { asking, storeError } from './asking.ts'
import type { Release } from './store.ts'

/** How long a lock is held, and waited for. */
export interface Lease {
  /** Seconds after which the lock of a machine that has died is free. */
  readonly ttl: number
  readonly patienceMs: number
}

/**
 * Takes a lock, does the work, and gives the lock back, whatever came of it.
 *
 * @throws OAuthError `ERR_STORE` if there is no lock to be had
 */
export async function alone<T>(
  lock: () => Promise<Release>,
  { patienceMs }: Lease,
  work: () => Promise<T>,
): Promise<T> {
  const release = await withPatience(lock, patienceMs)
  try {
    return await work()
  } finally {
    // If it cannot be given back it ends by itself.
    await asking(release)
  }
}

/** Waits for a lock, but not for ever; one that comes too late is given back. */
async function withPatience(lock: () => Promise<Release>, patienceMs: number): Promise<Release> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, patienceMs, undefined)))
  try {
    const locked = lock()
    const release = await Promise.race([locked, late])
    if (release !== undefined) return release
    locked.then((mine) => mine()).catch(() => {})
  } catch (cause) {
    throw storeError(cause)
  } finally {
    clearTimeout(timer)
  }
  throw new OAuthError('ERR_STORE', 'the store of the sessions gives no lock')
}
