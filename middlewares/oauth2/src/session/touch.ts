/**
 * Prolonging a session that is used: its cookie, or its value in the store, is written anew from time to time.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { become, newest, type Live } from './live.ts'
import type { Sessions } from './sessions.ts'

/** Prolongs a session: once for all requests that are under way. */
export function touch(sessions: Sessions, live: Live): Promise<Live> {
  return (live.touching ??= touched(sessions, live))
}

async function touched(sessions: Sessions, live: Live): Promise<Live> {
  try {
    const next = await sessions.alone(live, (now) => prolonged(sessions, live, now))
    // Never over a refresh: the tokens of this session are spent then.
    return next === undefined ? newest(live) : become(live, next)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    // It can be done at the next request.
    live.touching = undefined
    sessions.trouble.tell(error)
    return live
  }
}

/** What another machine has written meanwhile is not written over. */
async function prolonged(sessions: Sessions, live: Live, now: Live | undefined): Promise<Live | undefined> {
  if (live.next !== undefined || now?.sealed !== live.sealed) return now
  const seen = { ...live.session, seenAt: Math.floor(Date.now() / 1000) }
  const issued = await sessions.issue(seen, { ticket: live.ticket, header: null })
  return issued?.live
}
