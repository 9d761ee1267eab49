/**
 * All that is served, as it was found: one map from decoded paths, and what can be told of it.
 *
 * @module
 */
import { Entry, type Form } from '../entry.ts'
import { encodePath } from '../url.ts'
import { mayBeHashed } from './hash-name.ts'

/** What stands at a path: a file, or the way to it. */
export type Target = Entry | 'to-directory' | 'to-index'

/** Filled by a scan, then only read: a new scan makes a new one. */
export class Index {
  readonly #targets = new Map<string, Target>()
  /** What manifests call a file, and its path. */
  readonly #assets = new Map<string, string>()
  /** Where hashed names are: directory and extension, such as `/assets/*.js`. */
  readonly #hashed = new Set<string>()
  /** Directories below the top that hold nothing but immutable files. */
  readonly #hashedDirectories = new Set<string>()

  find(path: string): Target | undefined {
    return this.#targets.get(path)
  }

  /** Adds what is found at a path, unless something was found there before. */
  add(path: string, target: Target): void {
    if (!this.#targets.has(path)) this.#targets.set(path, target)
  }

  /** Calls a path by the name that a manifest has for it. */
  addAsset(name: string, path: string): void {
    if (!this.#assets.has(name)) this.#assets.set(name, path)
  }

  /** Path of what a manifest calls so. */
  assetOf(name: string): string | undefined {
    return this.#assets.get(name)
  }

  /** Remembers where an immutable file is. */
  addHashed(path: string): void {
    this.#hashed.add(placeOf(path).place)
  }

  /** Remembers a directory that holds nothing else. */
  addHashedDirectory(path: string): void {
    this.#hashedDirectories.add(path)
  }

  /** Tells whether a path that is no file is that of a file of another build: a hashed name among hashed names. */
  isOfOtherBuild(path: string): boolean {
    if (this.#hashed.size === 0) return false
    const { name, place } = placeOf(path)
    return this.#hashed.has(place) && mayBeHashed(name)
  }

  /** Tells whether a path is in a directory that is for hashed files, at any depth. */
  isAmongHashed(path: string): boolean {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (this.#hashedDirectories.has(path.slice(0, slash + 1))) return true
    }
    return false
  }

  /**
   * Takes over from an older index the entries that nothing has happened to, with all that is known of them.
   *
   * @returns their forms
   */
  adopt(older: Index): Set<Form> {
    const forms = new Set<Form>()
    for (const [path, target] of this.#targets) {
      const known = older.find(path)
      if (!(target instanceof Entry) || !(known instanceof Entry) || !known.isLike(target)) continue
      this.#targets.set(path, known)
      for (const form of [...known.forms, ...known.deltas]) forms.add(form)
    }
    return forms
  }

  /** Encoded paths of all files, each once, sorted. */
  urls(): string[] {
    const urls: string[] = []
    for (const [path, target] of this.#targets) {
      if (target instanceof Entry && target.key === path && target.forms.length > 0) urls.push(encodePath(path))
    }
    return urls.sort()
  }
}

function placeOf(path: string): { readonly name: string; readonly place: string } {
  const slash = path.lastIndexOf('/') + 1
  const name = path.slice(slash)
  const dot = name.lastIndexOf('.')
  return { name, place: `${path.slice(0, slash)}*${dot === -1 ? '' : name.slice(dot)}` }
}
