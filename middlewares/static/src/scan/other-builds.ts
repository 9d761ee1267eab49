/**
 * Which missing files are those of another build: a page that still runs asks for them, and must not get another page in
 * their place, nor may a cache keep that they are missing. All else is the app's.
 *
 *     /assets/app-DfX2k9aB.js is there ─▶ /assets/app-OlD4k8zC.js is of another build, /assets/users is not
 *
 * @module
 */
import { buildDirectoryOf } from './build-directory.ts'
import { looksHashed, possibleShapes, shapeOf } from './hash-name.ts'

/** Filled by a scan, then only read. */
export class OtherBuilds {
  /** Directory and extension of hashed names, such as `/assets/*.js`; and directory and shape, `/assets/-base64url8`. */
  readonly #places = new Set<string>()
  /** Those below the top that hold nothing else, and those that frameworks build. */
  readonly #directories = new Set<string>()

  /** Remembers where a file of this build is, and how its name is made. */
  add(path: string): void {
    const { directory, name, extension } = partsOf(path)
    if (isPage(extension)) return
    this.#places.add(`${directory}*${extension}`)
    const shape = shapeOf(name)
    if (shape !== undefined) this.#places.add(directory + shape)
    const build = buildDirectoryOf(path)
    if (build !== undefined) this.#directories.add(build)
  }

  /** Remembers a directory that holds nothing else. */
  addDirectory(path: string): void {
    this.#directories.add(path)
  }

  /**
   * Tells whether a path that is no file is one of another build. It has an extension, not that of a page, and
   *
   * 1. is in a directory that a framework has built; or
   * 2. is beside files of its extension with hashes, and looks hashed, or may be, if its name is made as theirs are; or
   * 3. is in a directory of hashed files alone, looks hashed, and its name is made as theirs are.
   */
  has(path: string): boolean {
    if (this.#places.size === 0 || path.lastIndexOf('.') < path.lastIndexOf('/')) return false
    const { directory, name, extension } = partsOf(path)
    if (isPage(extension)) return false
    if (this.#directories.has(buildDirectoryOf(path) ?? '')) return true
    const isAlike = (): boolean => possibleShapes(name).some((shape) => this.#places.has(directory + shape))
    if (this.#places.has(`${directory}*${extension}`)) return looksHashed(name) || isAlike()
    return this.#directories.has(directory) && looksHashed(name) && isAlike()
  }

  /** Tells whether a path is in a directory that is for hashed files, at any depth. */
  isAmong(path: string): boolean {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (this.#directories.has(path.slice(0, slash + 1))) return true
    }
    return false
  }
}

/** What has no extension, or that of a page, people may come for. */
function isPage(extension: string): boolean {
  return /^(?:\.x?html?)?$/i.test(extension)
}

interface Parts {
  /** With a slash at its end. */
  readonly directory: string
  readonly name: string
  /** With its dot; empty if there is none. */
  readonly extension: string
}

function partsOf(path: string): Parts {
  const slash = path.lastIndexOf('/') + 1
  const name = path.slice(slash)
  const dot = name.lastIndexOf('.')
  return { directory: path.slice(0, slash), name, extension: dot === -1 ? '' : name.slice(dot) }
}
