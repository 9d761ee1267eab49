/**
 * Hooks are made once, for every request: a hook that stores something on itself shows it to everyone.
 *
 * @module
 */
import { after } from '../after.ts'
import type { App } from '../app.ts'
import { inDevelopment } from './development.ts'
import type { SiteHooks } from './hooks.ts'

/**
 * Makes a watch on the hooks, which warns once for each key when one has stored something on itself. An app that is
 * watched has them looked at before and after each request; where nothing is watched, in production, it is the same app.
 *
 * Put it around the hooks, and around what is inside of them: some tidy up on the way out.
 */
export function stateCheck(hooks: readonly SiteHooks[]): (app: App) => App {
  if (!inDevelopment() || hooks.length === 0) return (app) => app
  // Not before the first request: until then, and in the setup, it is everybody's.
  let looks: readonly (() => void)[] | undefined
  const look = (): void => {
    looks ??= hooks.map(watch)
    for (const one of looks) one()
  }
  return (app) => (request, context) => {
    look()
    return after(app(request, context), (response) => {
      look()
      return response
    })
  }
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
