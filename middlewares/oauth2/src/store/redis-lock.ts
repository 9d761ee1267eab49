/**
 * A lock in Redis: whoever holds the token holds the lock, and renews it until it is given back.
 *
 *     SET key token NX PX ttl ─(taken)─▶ wait, try again
 *           └─(got it)─▶ renewed each third of its ttl ─▶ deleted, if the token is still ours
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** Sends one command. */
export type Send = (...command: string[]) => Promise<unknown>

/**
 * Waits for the lock, and takes it.
 *
 * @param ttl seconds
 * @returns gives it back; if it was lost meanwhile, that leaves the lock to who has it now
 */
export async function redisLock(send: Send, key: string, ttl: number): Promise<() => Promise<void>> {
  const token = crypto.randomUUID()
  const lasts = String(Math.ceil(ttl * 1000))
  for (let tries = 0; (await send('SET', key, token, 'NX', 'PX', lasts)) !== 'OK'; tries++) {
    await sleep(pauseAfter(tries))
  }
  const timer = setInterval(() => void renew(), (ttl * 1000) / 3)
  timer.unref()
  const renew = async (): Promise<void> => {
    try {
      if (Number(await send('EVAL', extendIfOurs, '1', key, token, lasts)) === 0) clearInterval(timer)
    } catch {
      // The next renewal comes before the lease ends.
    }
  }
  return async () => {
    clearInterval(timer)
    await send('EVAL', deleteIfOurs, '1', key, token)
  }
}

const extendIfOurs = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0"
const deleteIfOurs = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0"

/** Milliseconds: soon at first, later less often, and never in step with others. */
function pauseAfter(tries: number): number {
  return Math.min(20 * 2 ** tries, 200) * (0.5 + Math.random() / 2)
}
