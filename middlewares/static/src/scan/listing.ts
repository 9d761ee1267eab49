/**
 * One directory, and which of its names count.
 *
 * @module
 */
import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { sep } from 'node:path'
import type { Place } from '../entry.ts'
import { isExhausted } from '../exhausted.ts'
import type { Root, Settings } from '../settings.ts'
import { badName } from './bad-name.ts'
import { mayFollow } from './describe.ts'
import type { Findings } from './findings.ts'
import { linkError } from './link-error.ts'
import { isTemporary } from '../compress/temporary.ts'
import { isSiblingOf } from './siblings.ts'
import { COMPRESSOR_MANIFEST } from './manifests.ts'

/** A directory on the walk. */
export interface Directory {
  /** What its files remember of it. */
  readonly place: Place
  /** Decoded path of its URL, with a slash at both ends. */
  readonly key: string
  readonly root: Root
  /** The directory above; none above a root. */
  readonly above: Directory | undefined
  /** Where it is without links. */
  readonly real: string
}

/** What a directory holds. */
export interface Listing {
  /** Names of files that are to be looked at. */
  readonly files: ReadonlySet<string>
  readonly directories: readonly Directory[]
}

export function rootDirectory(root: Root): Directory {
  return { place: placeOf(root.dir, root), key: root.prefix, root, above: undefined, real: realpathSync(root.dir) }
}

/** Lists a directory; what cannot be looked at is a finding. */
export function listDirectory(directory: Directory, settings: Settings, findings: Findings): Listing {
  const files = new Set<string>()
  const directories: Directory[] = []
  const ignored = new Set<string>()
  for (const dirent of namesIn(directory, findings)) {
    const { name } = dirent
    const key = directory.key + name.normalize('NFC')
    const path = directory.place.path + name
    if (!mayBeServed(name, settings)) continue
    if (settings.ignores(key.slice(directory.root.prefix.length))) {
      if (!dirent.isDirectory()) ignored.add(name)
      continue
    }
    try {
      const kind = kindOf(dirent, path, directory, settings)
      if (kind === 'file') files.add(name)
      if (kind === 'directory') directories.push(below(directory, path, `${key}/`, dirent))
    } catch (error) {
      findings.leaveOut(path, error)
    }
  }
  // The forms of a file hold its bytes: whoever leaves it out means them as well.
  for (const name of files) if (isSiblingOf(name, ignored)) files.delete(name)
  return { files, directories }
}

function namesIn({ place: { path } }: Directory, findings: Findings): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    // Half a list would take files from the site that are there.
    if (isExhausted(error)) throw error
    findings.leaveOut(path, error)
    return []
  }
}

function mayBeServed(name: string, { allowsDotfile }: Settings): boolean {
  if (name.startsWith('.') && !allowsDotfile(name)) return false
  return name !== COMPRESSOR_MANIFEST && !isTemporary(name)
}

/** @throws what is to be found out about it */
function kindOf(
  dirent: Dirent,
  path: string,
  { root }: Directory,
  settings: Settings,
): 'file' | 'directory' | undefined {
  const bad = badName(dirent.name, path)
  if (bad !== undefined) throw new Error(bad)
  if (dirent.isFile()) return 'file'
  if (dirent.isDirectory()) return 'directory'
  if (!dirent.isSymbolicLink() || settings.followSymlinks === false) return undefined
  try {
    if (!mayFollow(path, root.dir, settings)) throw new Error('a symbolic link that leaves the directory')
    const stats = statSync(path)
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : undefined
  } catch (error) {
    throw linkError(error)
  }
}

/** @throws for a link that leads to a directory that we are in */
function below(above: Directory, path: string, key: string, dirent: Dirent): Directory {
  const real = dirent.isDirectory() ? withSeparator(above.real) + dirent.name : realpathSync(path)
  for (let one: Directory | undefined = above; one !== undefined; one = one.above) {
    if (one.real === real) throw new Error('a symbolic link to a directory that it is in')
  }
  return { place: placeOf(path, above.root), key, root: above.root, above, real }
}

function placeOf(path: string, root: Root): Place {
  return { path: withSeparator(path), root: root.dir }
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : path + sep
}
