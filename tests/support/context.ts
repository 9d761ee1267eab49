import type { Context, Finished } from '@outerware/core'

/** A context as a host makes it, for calling an app directly; `finish` ends the response. */
export interface TestContext extends Context {
  readonly tasks: Promise<unknown>[]
  finish(finished?: Partial<Finished>): void
}

export function testContext(): TestContext {
  const hooks: ((finished: Finished) => void)[] = []
  const tasks: Promise<unknown>[] = []
  return {
    platform: 'test',
    ip: '127.0.0.1',
    env: {},
    tasks,
    waitUntil: (task) => void tasks.push(task),
    onFinish: (hook) => void hooks.unshift(hook),
    finish(finished = {}) {
      for (const hook of hooks.splice(0)) {
        hook({ status: 200, outcome: 'sent', error: null, evidence: 'returned', ...finished })
      }
    },
  }
}
