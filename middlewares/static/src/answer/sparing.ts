/**
 * In development each request looks at the directories. Where the system has nothing left to look with, that is a 503, as
 * for any file that cannot be opened, and no error of the site.
 *
 * @module
 */
import type { Hooks } from '@outerware/core'
import { exhaustionTeller, isExhausted } from '../exhausted.ts'
import type { Settings } from '../settings.ts'
import { unavailable } from './refuse.ts'

/** Makes hooks that throw no such error. What the app has said goes out as it is. */
export function sparing({ request, response }: Hooks, settings: Settings): Hooks {
  const tell = exhaustionTeller(settings.report)
  const unlessExhausted = <T>(work: () => T | Promise<T>, otherwise: () => T): T | Promise<T> =>
    caught(work, (error) => {
      if (!isExhausted(error)) throw error
      tell(error)
      return otherwise()
    })
  return {
    ...(request && {
      request: (asked, context) =>
        unlessExhausted(
          () => request(asked, context),
          () => unavailable(asked, settings),
        ),
    }),
    ...(response && {
      response: (answer, asked, context) =>
        unlessExhausted(
          () => response(answer, asked, context),
          () => answer,
        ),
    }),
  }
}

function caught<T>(work: () => T | Promise<T>, otherwise: (error: unknown) => T): T | Promise<T> {
  try {
    const value = work()
    return value instanceof Promise ? value.catch(otherwise) : value
  } catch (error) {
    return otherwise(error)
  }
}
