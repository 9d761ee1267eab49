/**
 * What a bundler's manifest says of files: which never change under their name, and what templates call them.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OptionError } from '@outerware/core'
import { areMadeAlike } from '../scan/hash-name.ts'
import { isImmutable } from '../scan/immutable.ts'
import { isRollupList, outputsOf, type Output } from '../scan/manifest.ts'
import { Manifests, readJson, type Known } from '../scan/manifests.ts'
import { mediaTypes } from '../types.ts'
import { encodePath } from '../url.ts'
import type { CompressOptions } from './options.ts'
import { pathOfSource, type Source } from './tree.ts'

/** Tells what a file is; what was known of the same bytes still holds. */
export type Meaning = (
  source: Source,
  known: Known | undefined,
) => Pick<Known, 'names'> & { readonly immutable: boolean }

/**
 * Reads the manifests.
 *
 * @param sources all files that will be asked about
 * @throws {@link OptionError} `compress.manifest`
 */
export function meaningBy(
  root: string,
  manifest: CompressOptions['manifest'] = [],
  sources: readonly Source[],
): Meaning {
  const given = Array.isArray(manifest) && !isRollupList(manifest) ? manifest : [manifest]
  const outputs =
    given.length > 0 ? given.flatMap(read) : (outputsOf(readJson(join(root, '.vite/manifest.json'))) ?? [])
  const manifests = new Manifests(outputs, new Map())
  const typeOf = mediaTypes({}, false)
  const alike = directoriesOfAlike(sources)
  return (source, known) => {
    const { relative, name, directory } = source
    const [path, areAlike] = [pathOfSource(source), alike.has(directory)]
    const candidate = { name, relative, url: `/${encodePath(relative)}`, path, type: typeOf(name), areAlike }
    const names = manifests.outputOf(relative)?.names ?? known?.names ?? []
    return {
      immutable: known?.immutable === true || isImmutable(candidate, manifests, { immutable: 'auto' }),
      ...(names.length > 0 && { names }),
    }
  }
}

/** As the server finds them: see `areAlike` of {@link Candidate}. */
function directoriesOfAlike(sources: readonly Source[]): Set<string> {
  const names = new Map<string, string[]>()
  for (const { directory, name } of sources) {
    const all = names.get(directory)
    if (all === undefined) names.set(directory, [name])
    else all.push(name)
  }
  return new Set([...names].filter(([, all]) => areMadeAlike(all)).map(([directory]) => directory))
}

const NO_FILE = 'the path of a file that is there'
const WANTED = 'a manifest of Vite, webpack, Rollup, esbuild, Django or Rails, or the path of one'

function read(manifest: string | object): Output[] {
  if (typeof manifest === 'string' && !existsSync(manifest))
    throw new OptionError('compress.manifest', NO_FILE, manifest)
  const outputs = outputsOf(typeof manifest === 'string' ? readJson(resolve(manifest)) : manifest)
  if (outputs === undefined) throw new OptionError('compress.manifest', WANTED, manifest)
  return outputs
}
