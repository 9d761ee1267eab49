/**
 * All that is served, as it was found: one map from decoded paths, and what can be told of it.
 *
 * @module
 */
import { Entry } from '../entry.ts'
import type { Form } from '../form.ts'
import { encodePath } from '../url.ts'
import { OtherBuilds } from './other-builds.ts'

/** What stands at a path: a file, or the way to it. */
export type Target = Entry | 'to-directory' | 'to-index'

/** Filled by a scan, then only read: a new scan makes a new one. */
export class Index {
  readonly #targets = new Map<string, Target>()
  /** What manifests call a file, and its path. */
  readonly #assets = new Map<string, string>()
  readonly otherBuilds: OtherBuilds = new OtherBuilds()

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

  /** Tells whether a path that is no file is that of a file of another build. */
  isOfOtherBuild(path: string): boolean {
    return this.otherBuilds.has(path)
  }

  /** Tells whether a path is in a directory that is for hashed files, at any depth. */
  isAmongHashed(path: string): boolean {
    return this.otherBuilds.isAmong(path)
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
