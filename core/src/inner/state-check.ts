/**
 * Hooks are made once, for every request: a hook that stores something on itself shows it to everyone.
 *
 * @module
 */
import { inDevelopment } from './development.ts'
import type { SiteHooks } from './hooks.ts'

/**
 * Makes a look at the hooks that warns, once for each key, when one has stored something on itself.
 *
 * @returns the look, for after each request; `undefined` in production, where nothing is watched
 */
export function stateCheck(hooks: readonly SiteHooks[]): (() => void) | undefined {
  if (!inDevelopment() || hooks.length === 0) return undefined
  const watches = hooks.map(watch)
  return () => watches.forEach((look) => look())
}

function watch(hook: SiteHooks, i: number): () => void {
  const before = new Map(Object.entries(hook))
  const warned = new Set<string>()
  return () => {
    for (const [key, value] of Object.entries(hook)) {
      if (warned.has(key) || Object.is(before.get(key), value)) continue
      warned.add(key)
      console.warn(
        `hooks[${i}] has stored "${key}" on itself. Hooks are made once, so that every request sees it: ` +
          `put what belongs to a request on its context, context.${key} = …`,
      )
    }
  }
}
