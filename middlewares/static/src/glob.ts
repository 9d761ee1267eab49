/**
 * Patterns of paths: `*` and `?` within a name, `**` across names.
 *
 * @module
 */

/**
 * Tells whether a path, relative and with `/` between names, matches one of the patterns.
 *
 * A pattern without a `/` is matched with the last name, so that `*.map` holds at any depth.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  const names = patterns.filter((pattern) => !pattern.includes('/')).map(toRegExp)
  const paths = patterns.filter((pattern) => pattern.includes('/')).map((pattern) => toRegExp(trimSlashes(pattern)))
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return names.some((pattern) => pattern.test(name)) || paths.some((pattern) => pattern.test(path))
  }
}

function trimSlashes(pattern: string): string {
  return pattern.replace(/^\.?\//, '').replace(/\/$/, '')
}

/** `a/**` matches what is in `a`, `**` and a slash also nothing: `**` + `/b` matches `b`. */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|[*?]|[\\^$.|+()[\]{}]/g, (part) => wild[part] ?? `\\${part}`)
  return new RegExp(`^${source}$`, 's')
}

const wild: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
