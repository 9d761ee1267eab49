import { createHook } from 'node:async_hooks'

/** Counts the promises that are made while a function runs, by whomever. */
export function promisesMade(run: () => unknown): number {
  let made = 0
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') made += 1
    },
  })
  hook.enable()
  try {
    run()
  } finally {
    hook.disable()
  }
  return made
}
