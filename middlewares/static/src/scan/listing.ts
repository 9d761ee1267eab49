/**
 * One directory, and which of its names count.
 *
 * @module
 */
import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { sep } from 'node:path'
import { mayFollow } from './describe.ts'
import type { Findings } from './findings.ts'
import { COMPRESSOR_MANIFEST } from './manifests.ts'
import type { Root, Settings } from '../settings.ts'

/** A directory on the walk. */
export interface Directory {
  /** Path on the disk. */
  readonly path: string
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
  /** Files that are to be looked at: their paths by their names. */
  readonly files: ReadonlyMap<string, string>
  readonly directories: readonly Directory[]
}

export function rootDirectory(root: Root): Directory {
  return { path: root.dir, key: root.prefix, root, above: undefined, real: realpathSync(root.dir) }
}

/** Lists a directory; what cannot be looked at is a finding. */
export function listDirectory(directory: Directory, settings: Settings, findings: Findings): Listing {
  const files = new Map<string, string>()
  const directories: Directory[] = []
  for (const dirent of namesIn(directory, findings)) {
    const { name } = dirent
    const key = directory.key + name.normalize('NFC')
    const path = join(directory.path, name)
    if (!isWanted(name, key.slice(directory.root.prefix.length), settings)) continue
    try {
      const kind = kindOf(dirent, path, directory, settings)
      if (kind === 'file') files.set(name, path)
      if (kind === 'directory') directories.push(below(directory, path, `${key}/`, dirent))
    } catch (error) {
      findings.leaveOut(path, error)
    }
  }
  return { files, directories }
}

function namesIn({ path }: Directory, findings: Findings): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    findings.leaveOut(path, error)
    return []
  }
}

function isWanted(name: string, relative: string, { allowsDotfile, ignores }: Settings): boolean {
  if (name.startsWith('.') && !allowsDotfile(name)) return false
  return name !== COMPRESSOR_MANIFEST && !ignores(relative)
}

/** @throws what is to be found out about it */
function kindOf(
  dirent: Dirent,
  path: string,
  { root }: Directory,
  settings: Settings,
): 'file' | 'directory' | undefined {
  if (dirent.name.includes('\\')) throw new Error('no URL can ask for a name with a backslash')
  if (dirent.isFile()) return 'file'
  if (dirent.isDirectory()) return 'directory'
  if (dirent.isSymbolicLink()) {
    if (settings.followSymlinks === false) return undefined
    if (!mayFollow(path, root.dir, settings)) throw new Error('a symbolic link that leaves the directory')
  }
  const stats = statSync(path)
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : undefined
}

/** @throws for a link that leads to a directory that we are in */
function below(above: Directory, path: string, key: string, dirent: Dirent): Directory {
  const real = dirent.isDirectory() ? join(above.real, dirent.name) : realpathSync(path)
  for (let one: Directory | undefined = above; one !== undefined; one = one.above) {
    if (one.real === real) throw new Error('a symbolic link to a directory that it is in')
  }
  return { path, key, root: above.root, above, real }
}

function join(directory: string, name: string): string {
  return directory.endsWith(sep) ? directory + name : directory + sep + name
}
