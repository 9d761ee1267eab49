/**
 * The index in use, what can be asked of it, and how another one takes its place.
 *
 * @module
 */
import { setImmediate as breath } from 'node:timers/promises'
import { OptionError } from '@outerware/core'
import type { Memory } from './answer/memory.ts'
import { Asset } from './asset.ts'
import { Entry } from './entry.ts'
import { Findings } from './scan/findings.ts'
import { Index, type Target } from './scan/index-of-files.ts'
import { readManifests } from './scan/manifests.ts'
import { candidatesOf, scan, type Scanning } from './scan/scan.ts'
import type { Settings } from './settings.ts'

/** All files of one wrapper. */
export class Site {
  readonly #settings: Settings
  readonly #memory: Memory
  #index: Index
  readonly #assets = new Map<string, Asset>()
  #reloading: Promise<void> = Promise.resolve()
  /** The one that has not begun yet. */
  #waiting: Promise<void> | undefined = undefined
  #isClosed = false

  /** @throws {@link OptionError} as `scan` does */
  constructor(settings: Settings, memory: Memory) {
    this.#settings = settings
    this.#memory = memory
    this.#index = inOneGo(scan(settings))
    this.#checkPage('single', settings.single)
    this.#checkPage('notFound', settings.notFound)
  }

  /** What stands at a decoded path. */
  find(path: string): Target | undefined {
    if (!this.#settings.dev) return this.#index.find(path)
    return this.#isClosed ? undefined : inOneGo(scan(this.#settings, path)).find(path)
  }

  /** A page under the prefix that a path is under. */
  page(name: string, path: string): Entry | undefined {
    for (const { prefix } of this.#settings.roots) {
      const page = path.startsWith(prefix) ? this.#fileAt(prefix + name) : undefined
      if (page !== undefined) return page
    }
    return undefined
  }

  /** Tells whether a path that is no file names one of another build. */
  isOfOtherBuild(path: string): boolean {
    return !this.#settings.dev && this.#index.isOfOtherBuild(path)
  }

  isAmongHashed(path: string): boolean {
    return this.#index.isAmongHashed(path)
  }

  urls(): string[] {
    return (this.#settings.dev && !this.#isClosed ? inOneGo(scan(this.#settings)) : this.#index).urls()
  }

  asset(name: string): Asset {
    const known = this.#assets.get(name)
    if (known !== undefined) return known
    const entry = this.#assetEntry(name)
    if (entry === undefined) throw new OptionError('staticFiles.asset(…)', 'a name in a manifest, or a file', name)
    const asset = new Asset(entry, this.#settings.origin)
    if (!this.#settings.dev) this.#assets.set(name, asset)
    return asset
  }

  /** One reload after the other: each sees all that was there when it was asked for. Those that wait are one. */
  reload(): Promise<void> {
    if (this.#waiting !== undefined) return this.#waiting
    const reloaded = this.#reloading.then(() => {
      this.#waiting = undefined
      return this.#scanAgain()
    })
    this.#waiting = reloaded
    this.#reloading = reloaded.catch(() => {})
    return reloaded
  }

  close(): void {
    this.#isClosed = true
    this.#replace(new Index())
  }

  async #scanAgain(): Promise<void> {
    const index = await inSteps(scan(this.#settings))
    if (!this.#isClosed) this.#replace(index)
  }

  #replace(index: Index): void {
    this.#memory.retain(index.adopt(this.#index))
    this.#index = index
    this.#assets.clear()
  }

  #fileAt(path: string): Entry | undefined {
    const target = this.find(path)
    const file = target === 'to-index' ? this.find(path.slice(0, path.lastIndexOf('/') + 1)) : target
    return file instanceof Entry ? file : undefined
  }

  #assetEntry(name: string): Entry | undefined {
    const path = this.#settings.dev ? this.#assetPathNow(name) : this.#index.assetOf(name)
    if (path !== undefined) return this.#fileAt(path)
    for (const { prefix } of this.#settings.roots) {
      const file = this.#fileAt(prefix + name.replace(/^\/+/, ''))
      if (file !== undefined) return file
    }
    return undefined
  }

  /** As the manifests are this moment. */
  #assetPathNow(name: string): string | undefined {
    for (const root of this.#settings.roots) {
      const { outputs } = readManifests(root, this.#settings, new Findings())
      const named = outputs.filter(({ names }) => names.includes(name))
      const path = named.flatMap(({ file }) => candidatesOf(root, file)).find((candidate) => this.#fileAt(candidate))
      if (path !== undefined) return path
    }
    return undefined
  }

  /** A page that is not there is a mistake of whoever set up the site, unless it is still being made. */
  #checkPage(option: string, name: string | undefined): void {
    if (name === undefined || this.#settings.dev) return
    if (this.#settings.roots.some(({ prefix }) => this.#fileAt(prefix + name) !== undefined)) return
    throw new OptionError(`staticFiles.${option}`, 'the path of a page that is there', name)
  }
}

function inOneGo(scanning: Scanning): Index {
  for (;;) {
    const step = scanning.next()
    if (step.done) return step.value
  }
}

/** Requests are answered between the steps. */
async function inSteps(scanning: Scanning): Promise<Index> {
  for (;;) {
    const step = scanning.next()
    if (step.done) return step.value
    await breath()
  }
}
