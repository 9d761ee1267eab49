/**
 * Where a wrapper belongs among others. `compose()` looks, once, when the site is put together.
 *
 *     errors  trustedProxy  allowedHosts  httpsRedirect  securityHeaders  compression  staticFiles  …  oidc  app
 *
 * @module
 */

/** What a wrapper says of its place. */
export interface Place {
  /** The function that makes it. */
  readonly name: string
  /** Names of the wrappers that must not stand further out, and what goes wrong if they do. */
  readonly outside?: Readonly<Record<string, string>>
  /** Whether it may stand there twice; then it has a reason to. @default false */
  readonly repeats?: boolean
}

const places = new WeakMap<object, readonly Place[]>()

/**
 * Says of a wrapper where it belongs.
 *
 * @returns the same wrapper
 * @example
 * return placed({ name: 'trustedProxy', outside: { httpsRedirect: 'redirects for ever' } }, wrapper)
 */
export function placed<W extends object>(place: Place, wrapper: W): W {
  places.set(wrapper, [place])
  return wrapper
}

/** The same of a wrapper that is made of others, the outermost first; warns of what stands in the wrong place. */
export function placedAs<W extends object>(parts: readonly object[], wrapper: W): W {
  const all = parts.flatMap((part) => places.get(part) ?? [])
  for (const [index, place] of all.entries()) for (const outer of all.slice(0, index)) compare(outer, place)
  places.set(wrapper, all)
  return wrapper
}

/** Warns where two wrappers of one site contradict each other. It is no error: somebody may have a reason. */
function compare(outer: Place, inner: Place): void {
  if (outer.name === inner.name && inner.repeats !== true) {
    console.warn(`compose(): ${inner.name}() stands there twice. Leave one of them out.`)
  }
  const harm = inner.outside?.[outer.name]
  if (harm !== undefined) {
    console.warn(
      `compose(): ${outer.name}() stands outside of ${inner.name}(), ${harm}. ` +
        `Write compose(…, ${inner.name}(…), ${outer.name}(…), …)(app), the outermost first; ` +
        `or, if it is meant so, ${outer.name}(…)(${inner.name}(…)(app)).`,
    )
  }
}
