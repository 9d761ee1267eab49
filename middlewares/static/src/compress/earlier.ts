/**
 * Earlier builds, and which of their files were what a file of this one is: clients may still have those.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionError } from '@outerware/core'
import { hashSpan } from '../scan/hash-name.ts'
import { readNotes } from './notes.ts'
import { walk, type Source } from './tree.ts'

/** Finds the file that one of the next build stands for. */
export type Earlier = (relative: string, names: readonly string[]) => Source | undefined

/**
 * Looks through an earlier build. Its file is, in this order:
 *
 * 1. the one that its bundler called by the same name, `src/main.ts`;
 * 2. the one of the same path;
 * 3. the only one whose path differs in nothing but a hash: `assets/app-DfX2k9aB.js`, `assets/app-9kQ1ZbXc.js`.
 *
 * @throws {@link OptionError} `compress.dictionary`, for a directory that is not there
 */
export async function earlierBuild(dir: string | URL): Promise<Earlier> {
  const root = resolve(dir instanceof URL ? fileURLToPath(dir) : dir)
  const stats = await stat(root).catch(() => undefined)
  if (!stats?.isDirectory()) throw new OptionError('compress.dictionary', 'a directory that is there', String(dir))
  const { sources } = await walk(root)
  const byPath = new Map(sources.map((source) => [source.relative, source]))
  const byShape = new Map<string, Source[]>()
  for (const source of sources) {
    const shape = shapeOf(source.relative)
    byShape.set(shape, [...(byShape.get(shape) ?? []), source])
  }
  const byName = new Map<string, string>()
  for (const [path, { names = [] }] of await readNotes(root, 1)) for (const name of names) byName.set(name, path)
  return (relative, names) => {
    const named = names.map((name) => byPath.get(byName.get(name) ?? '')).find((source) => source !== undefined)
    const alike = byShape.get(shapeOf(relative)) ?? []
    return named ?? byPath.get(relative) ?? (alike.length === 1 ? alike[0] : undefined)
  }
}

/** A path with a star for its hash. */
function shapeOf(relative: string): string {
  const name = basename(relative)
  const span = hashSpan(name)
  return span === undefined ? relative : `${dirname(relative)}/${name.slice(0, span[0])}*${name.slice(span[1])}`
}
