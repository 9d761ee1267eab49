/**
 * The files of a directory that the server would serve, told apart from their coded forms.
 *
 * @module
 */
import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Encoding } from '../options.ts'
import { suffixes } from '../form.ts'
import { isExhausted } from '../exhausted.ts'
import { badName } from '../scan/bad-name.ts'
import { linkError } from '../scan/link-error.ts'
import { isSiblingOf } from '../scan/siblings.ts'
import { encodings } from './codecs.ts'
import { isTemporary } from './temporary.ts'

/** A file to be compressed. */
export interface Source {
  /** Path from the directory, with `/` between names, in NFC. */
  readonly relative: string
  /** Path of its directory on the disk. */
  readonly directory: string
  readonly name: string
  readonly stats: Stats
  /** Codings in which something lies beside it. */
  readonly siblings: readonly Encoding[]
}

/** What is left out, and why. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

/** What was found. */
export interface Tree {
  readonly sources: readonly Source[]
  readonly skipped: readonly Skipped[]
  /** Directory and name of each temporary file. */
  readonly leftovers: readonly (readonly [directory: string, name: string])[]
}

/** Path of a file on the disk, or of one of its forms. */
export function pathOfSource({ directory, name }: Source, encoding?: Encoding): string {
  return join(directory, name) + (encoding === undefined ? '' : suffixes[encoding])
}

/**
 * Walks a directory. Names with a dot are left out, but for `.well-known`; so are links to directories (those inside
 * are walked themselves), and links that leave the directory.
 */
export async function walk(root: string): Promise<Tree> {
  const tree = { sources: [] as Source[], skipped: [] as Skipped[], leftovers: [] as [string, string][] }
  const inside = await realpath(root)
  const waiting: [directory: string, relative: string][] = [[root, '']]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [directory, relative] = next
    const dirents = await namesIn(directory, relative, tree.skipped)
    const names = new Set(dirents.map(({ name }) => name))
    for (const dirent of dirents) {
      const { name } = dirent
      if (isTemporary(name)) tree.leftovers.push([directory, name])
      if (name.startsWith('.') && name !== '.well-known') continue
      const reason = badName(name, join(directory, name))
      if (reason !== undefined) tree.skipped.push({ path: relative + name, reason })
      else if (dirent.isDirectory()) waiting.push([join(directory, name), `${relative}${name.normalize('NFC')}/`])
      // As the server sees it: what has the name of a coded form of a file is one.
      else if (!isSiblingOf(name, names)) await add(dirent, directory, relative + name.normalize('NFC'))
    }
    async function add(dirent: Dirent, directory: string, relative: string): Promise<void> {
      const { name } = dirent
      try {
        const stats = await fileStats(dirent, join(directory, name), inside)
        const siblings = encodings.filter((encoding) => names.has(name + suffixes[encoding]))
        if (stats !== undefined) tree.sources.push({ relative, directory, name, stats, siblings })
      } catch (error) {
        tree.skipped.push({ path: relative, reason: Object(error).message })
      }
    }
  }
  return tree
}

/** @throws the system's error, for the directory that was named; others are skipped */
async function namesIn(directory: string, relative: string, skipped: Skipped[]): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (error) {
    if (relative === '' || isExhausted(error)) throw error
    skipped.push({ path: relative, reason: Object(error).message })
    return []
  }
}

/** @throws what is to be said of it */
async function fileStats(dirent: Dirent, path: string, inside: string): Promise<Stats | undefined> {
  if (dirent.isSymbolicLink()) {
    const target = await realpath(path).catch((error: unknown) => {
      throw linkError(error)
    })
    if (target !== inside && !target.startsWith(inside.endsWith(sep) ? inside : inside + sep)) {
      throw new Error('a symbolic link that leaves the directory')
    }
  } else if (!dirent.isFile()) return undefined
  const stats = await stat(path)
  return stats.isFile() ? stats : undefined
}
