/**
 * A Content-Security-Policy, taken apart (CSP Level 3, section 2.2.1).
 *
 * @module
 */

/** Sources by directive, all in lower case. */
export type ReadPolicy = ReadonlyMap<string, readonly string[]>

/** Reads a policy; of two directives of one name the first counts, as in browsers. */
export function readPolicy(policy: string): ReadPolicy {
  const directives = new Map<string, readonly string[]>()
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/)
    const none = sources.length === 0 && name.endsWith('-src')
    if (name !== '' && !directives.has(name)) directives.set(name, none ? ["'none'"] : sources)
  }
  return directives
}
