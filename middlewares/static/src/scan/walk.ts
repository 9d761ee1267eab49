/**
 * One directory is walked, and all below it: each file that may be served becomes an entry.
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { Entry } from '../entry.ts'
import type { Root, Settings } from '../settings.ts'
import { encodePath } from '../url.ts'
import type { Look } from './deltas.ts'
import { describe, readable } from './describe.ts'
import type { Findings } from './findings.ts'
import { areMadeAlike } from './hash-name.ts'
import { isImmutable, isOfBuild } from './immutable.ts'
import type { Index } from './index-of-files.ts'
import { listDirectory, rootDirectory, type Directory, type Listing } from './listing.ts'
import type { Manifests } from './manifests.ts'
import { isSiblingOf } from './siblings.ts'

/** Files between two steps. */
const STEP = 128

type Files = Listing['files']

/** What a walk goes by, and what it fills. */
export interface Walk {
  readonly settings: Settings
  readonly index: Index
  readonly manifests: Manifests
  readonly findings: Findings
  /** Only what this path needs. */
  readonly only: string
}

/** Adds the files of a directory and of those below it, in steps. */
export function* walk(root: Root, on: Walk): Generator<undefined> {
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
  // In development nothing is immutable.
  const areAlike = on.only === '' && areMadeAlike(namesWithoutForms(files, settings))
  let count = 0
  let areHashed = directory.above !== undefined
  for (const name of files) {
    // Joined, not added: V8 keeps the parts of a sum.
    const url = [directory.key, name.normalize('NFC')].join('')
    // A coded form is asked for by the name of its file only.
    if (!url.startsWith(on.only) || isSiblingOf(name, files, settings.encodings)) continue
    if (++count % STEP === 0) yield
    const isIndex = name === settings.index
    const added = entryOf({ name, url, key: isIndex ? directory.key : url, areAlike }, directory, files, on)
    if (added === undefined) continue
    const { entry, isHashed } = added
    areHashed &&= isHashed
    if (isIndex) addIndex(directory, url, entry, on)
    else index.add(url, entry)
    const rank = isIndex ? -1 : settings.extensions.findIndex((extension) => url.endsWith(`.${extension}`))
    if (rank !== -1) shorter.push([rank, url.slice(0, -settings.extensions[rank]!.length - 1), entry])
  }
  if (areHashed && count > 0) index.otherBuilds.addDirectory(directory.key)
  // Behind all files, so that the exact one wins; before the directories below.
  for (const [, path, entry] of shorter.sort(([a], [b]) => a - b)) index.add(path, entry)
}

function* namesWithoutForms(files: Files, { encodings }: Settings): Generator<string> {
  for (const name of files) if (!isSiblingOf(name, files, encodings)) yield name
}

interface Found {
  readonly name: string
  /** Decoded path of its URL. */
  readonly url: string
  /** The same, or that of the directory that it stands for. */
  readonly key: string
  /** See {@link Candidate}. */
  readonly areAlike: boolean
}

interface Added {
  readonly entry: Entry
  /** Whether it is a build's, and there may have been others in other builds. */
  readonly isHashed: boolean
}

function entryOf({ name, url, key, areAlike }: Found, directory: Directory, files: Files, on: Walk): Added | undefined {
  const { settings, index, manifests, findings } = on
  const { root, place } = directory
  if (index.find(key) !== undefined) return undefined
  const type = settings.typeOf(name)
  const relative = url.slice(root.prefix.length)
  const candidate = { name, relative, url: encodePath(key), path: place.path + name, type, areAlike }
  const immutable = isImmutable(candidate, manifests, settings)
  const entry = new Entry(key, place, name, type, immutable)
  const lookHere: Look = (path) => look(path, path.slice(place.path.length), files, findings)
  findings.drop(describe(entry, settings, lookHere, manifests.knownOf(relative)))
  if (entry.identity === undefined) return undefined
  const isHashed = immutable && isOfBuild(candidate, manifests)
  if (isHashed) index.otherBuilds.add(key)
  return { entry, isHashed }
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
