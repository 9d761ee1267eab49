/**
 * A form is opened, and is what the entry says it is, or it is not opened.
 *
 * @module
 */
import { constants, type Stats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pathOfForm, type Entry } from '../entry.ts'
import type { Form } from '../form.ts'
import { stampOf } from '../stamp.ts'

/** An open file; whoever has it closes it. */
export interface Opened {
  readonly path: string
  readonly handle: FileHandle
  /** Of the open file: what is read belongs to these. */
  readonly stats: Stats
}

/**
 * Opens a form.
 *
 * @returns `undefined` if there is another file now, or none, or one that may not be read
 * @throws the system's error, if it has nothing to do with this file, such as EMFILE: see `isExhausted`
 */
export function openForm(entry: Entry, form: Form): Promise<Opened | undefined> {
  return openIf(pathOfForm(entry, form), (stats) => stampOf(stats) === form.stamp)
}

/** Opens whatever file is there now; otherwise as {@link openForm}. */
export function openAny(entry: Entry): Promise<Opened | undefined> {
  return openIf(entry.path, () => true)
}

async function openIf(path: string, fits: (stats: Stats) => boolean): Promise<Opened | undefined> {
  const handle = await tryOpen(path)
  if (handle === undefined) return undefined
  const stats = await statOrClose(handle)
  if (stats.isFile() && fits(stats)) return { path, handle, stats }
  await handle.close()
  return undefined
}

// A pipe that stands where the file was would block a thread for ever.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

async function tryOpen(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, FLAGS)
  } catch (error) {
    if (isOfThisFile(error)) return undefined
    throw error
  }
}

async function statOrClose(handle: FileHandle): Promise<Stats> {
  try {
    return await handle.stat()
  } catch (error) {
    await handle.close()
    throw error
  }
}

const ofThisFile = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EISDIR', 'ENXIO', 'ENODEV', 'ENAMETOOLONG']

/** Tells whether the system says that this path gives no file, rather than that nothing works. */
function isOfThisFile(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && ofThisFile.includes(String(error.code))
}

/** Tells whether an open file was left alone since it was opened. */
export async function isUnchanged({ handle, stats }: Opened): Promise<boolean> {
  const { size, mtimeMs } = await handle.stat()
  // Not the ctime: a file that was deleted or replaced meanwhile has another one, but the same bytes.
  return size === stats.size && mtimeMs === stats.mtimeMs
}

/** How much is read at once, in bytes. */
export const CHUNK = 65_536

/** Reads a number of bytes; `undefined` if the file ends before them. */
export async function readFully(handle: FileHandle, position: number, length: number): Promise<Uint8Array | undefined> {
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length;) {
    const { bytesRead } = await handle.read(bytes, at, length - at, position + at)
    if (bytesRead === 0) return undefined
    at += bytesRead
  }
  return bytes
}
