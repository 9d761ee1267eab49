/**
 * The directories are walked, once: what was found is all there is.
 *
 *     directory ─▶ names ─▶ rules (dots, links, ignored) ─▶ files with their siblings ─▶ Index
 *
 * @module
 */
import { statSync, type Stats } from 'node:fs'
import { isAbsolute } from 'node:path'
import { OptionError } from '@outerware/core'
import { Entry } from '../entry.ts'
import type { Root, Settings } from '../settings.ts'
import { Findings } from './findings.ts'
import { Index } from './index-of-files.ts'
import { Manifests, pathsOf, readManifests } from './manifests.ts'
import { walk } from './walk.ts'

/** A scan in steps, none of them long: at the start they are taken in one go, later between requests. */
export type Scanning = Generator<undefined, Index>

/**
 * Scans all directories, and reports once what was left out.
 *
 * @param only looks no further than one decoded path needs, and reports nothing
 * @throws {@link OptionError} `staticFiles.dir`, if one is not there; `staticFiles.manifest`
 */
export function* scan(settings: Settings, only?: string): Scanning {
  const index = new Index()
  const findings = new Findings()
  for (const root of settings.roots) {
    if (!isDirectory(root, only === undefined)) continue
    // In development nothing is immutable.
    const manifests = only === undefined ? readManifests(root, settings, findings) : new Manifests([], new Map())
    yield* walk(root, { settings, index, manifests, findings, only: only ?? '' })
    nameAssets(root, index, manifests)
  }
  if (only === undefined) findings.tell(settings)
  return index
}

function isDirectory({ dir, given }: Root, isNeeded: boolean): boolean {
  const found = statSync(dir, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return true
  if (!isNeeded) return false
  throw new OptionError('staticFiles.dir', 'a directory that is there', dir, false, insteadOf(found, given))
}

/** A relative path is read from where the process was started, which need not be where the program lies. */
function insteadOf(found: Stats | undefined, given: string): string {
  if (found !== undefined) return 'that is a file'
  if (isAbsolute(given)) return 'build the site first, or create it'
  return `write join(import.meta.dirname, ${JSON.stringify(given)}), for a relative path is looked for in ${process.cwd()}`
}

/** What bundlers have put out is known by their names for it. */
function nameAssets(root: Root, index: Index, { outputs }: Manifests): void {
  for (const { file, names } of outputs) {
    const path = candidatesOf(root, file).find((candidate) => index.find(candidate) instanceof Entry)
    if (path !== undefined) for (const name of names) index.addAsset(name, path)
  }
}

/** Where an output of a bundler may be served: under the prefix, or where its URL says. The likeliest first. */
export function candidatesOf({ prefix }: Root, file: string): string[] {
  return pathsOf(file).flatMap((path) => [prefix + path, `/${path}`])
}
