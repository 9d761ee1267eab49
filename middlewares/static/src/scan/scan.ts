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
import { encodePath } from '../url.ts'
import { describe, readable, type Look } from './describe.ts'
import { Findings } from './findings.ts'
import { isImmutable } from './immutable.ts'
import { Index } from './index-of-files.ts'
import { listDirectory, rootDirectory, type Directory, type Listing } from './listing.ts'
import { Manifests, pathsOf, readManifests } from './manifests.ts'
import { isSiblingOf } from './siblings.ts'

/** A scan in steps, none of them long: at the start they are taken in one go, later between requests. */
export type Scanning = Generator<undefined, Index>

/** Files between two steps. */
const STEP = 128

type Files = Listing['files']

interface Walk {
  readonly settings: Settings
  readonly index: Index
  readonly manifests: Manifests
  readonly findings: Findings
  /** Only what this path needs. */
  readonly only: string
}

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

function* walk(root: Root, on: Walk): Generator<undefined> {
  const waiting: Directory[] = [rootDirectory(root)]
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    if (on.only !== '' && !`${on.only}/`.startsWith(directory.key)) continue
    const listing = listDirectory(directory, on.settings, on.findings)
    waiting.push(...listing.directories)
    yield* addFiles(directory, listing, on)
    yield
  }
}

function* addFiles(directory: Directory, { files }: Listing, on: Walk): Generator<undefined> {
  const { index, settings } = on
  const shorter: [rank: number, path: string, entry: Entry][] = []
  let count = 0
  let areHashed = directory.above !== undefined
  for (const name of files) {
    // Joined, not added: V8 keeps the parts of a sum.
    const url = [directory.key, name.normalize('NFC')].join('')
    // A coded form is asked for by the name of its file only.
    if (!url.startsWith(on.only) || isSiblingOf(name, files, settings.encodings)) continue
    if (++count % STEP === 0) yield
    const isIndex = name === settings.index
    const entry = entryOf({ name, url, key: isIndex ? directory.key : url }, directory, files, on)
    if (entry === undefined) continue
    areHashed &&= entry.immutable
    if (isIndex) addIndex(directory, url, entry, on)
    else index.add(url, entry)
    const rank = isIndex ? -1 : settings.extensions.findIndex((extension) => url.endsWith(`.${extension}`))
    if (rank !== -1) shorter.push([rank, url.slice(0, -settings.extensions[rank]!.length - 1), entry])
  }
  if (areHashed && count > 0) index.addHashedDirectory(directory.key)
  // Behind all files, so that the exact one wins; before the directories below.
  for (const [, path, entry] of shorter.sort(([a], [b]) => a - b)) index.add(path, entry)
}

interface Found {
  readonly name: string
  /** Decoded path of its URL. */
  readonly url: string
  /** The same, or that of the directory that it stands for. */
  readonly key: string
}

function entryOf({ name, url, key }: Found, directory: Directory, files: Files, on: Walk): Entry | undefined {
  const { settings, index, manifests, findings } = on
  const { root, place } = directory
  if (index.find(key) !== undefined) return undefined
  const type = settings.typeOf(name)
  const relative = url.slice(root.prefix.length)
  const candidate = { name, relative, url: encodePath(key), path: place.path + name, type }
  const immutable = isImmutable(candidate, manifests, settings)
  const entry = new Entry(key, place, name, type, immutable)
  const lookHere: Look = (path) => look(path, path.slice(place.path.length), files, findings)
  findings.drop(describe(entry, settings, lookHere, manifests.knownOf(relative)))
  if (entry.identity === undefined) return undefined
  if (immutable) index.addHashed(key)
  return entry
}

/** What cannot be read is a finding, and then is not there. */
function look(path: string, name: string, files: Files, findings: Findings): Stats | undefined {
  if (!files.has(name)) return undefined
  try {
    return readable(path)
  } catch (error) {
    findings.leaveOut(path, error)
    return undefined
  }
}

/** The index file is its directory. */
function addIndex(directory: Directory, key: string, entry: Entry, { index, settings }: Walk): void {
  index.add(directory.key, entry)
  index.add(key, settings.redirect ? 'to-index' : entry)
  if (settings.redirect && directory.key !== '/') index.add(directory.key.slice(0, -1), 'to-directory')
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
