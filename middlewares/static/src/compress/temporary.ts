/**
 * Files that are being written: under a name that is never served, until they are whole.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Those of this process that are being written. */
const ours = new Set<string>()

/** Tells whether a file name is one of those, of this or of another process. */
export function isTemporary(name: string): boolean {
  return pattern.test(name)
}

const pattern = /^\.static-(\d+)-[0-9a-f]{12}\.tmp$/

/** A file that waits for its name. */
export interface Temporary {
  readonly path: string
  readonly size: number
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/**
 * Writes bytes to a file of a temporary name; whoever has it places or discards it.
 *
 * @param most stops, and gives nothing, when there are more bytes than this
 * @throws the system's error
 */
export async function writeTemporary(directory: string, chunks: Chunks, most: number): Promise<Temporary | undefined> {
  const path = join(directory, `.static-${process.pid}-${randomBytes(6).toString('hex')}.tmp`)
  ours.add(path)
  try {
    const size = await write(path, chunks, most)
    if (size !== undefined) return { path, size }
  } catch (error) {
    await discard(path)
    throw error
  }
  await discard(path)
  return undefined
}

async function write(path: string, chunks: Chunks, most: number): Promise<number | undefined> {
  const file = await open(path, 'wx')
  try {
    let size = 0
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > most) return undefined
      await file.writeFile(chunk)
    }
    // Before it gets its name: after a power cut it is whole, or not there.
    await file.sync()
    return size
  } finally {
    await file.close()
  }
}

/** Gives a file its name, in the place of whatever had it. */
export async function place({ path }: Temporary, name: string): Promise<void> {
  await rename(path, name)
  ours.delete(path)
}

/** Removes a file that is not wanted after all. */
export async function discard(path: string): Promise<void> {
  await rm(path, { force: true })
  ours.delete(path)
}

/** Removes what a process has left that was stopped; not what another one is writing. */
export async function removeLeftover(directory: string, name: string): Promise<void> {
  const path = join(directory, name)
  const pid = Number(pattern.exec(name)?.[1])
  if (ours.has(path) || (pid !== process.pid && isRunning(pid) && !(await isOld(path)))) return
  await rm(path, { force: true })
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: of another user.
    return Object(error).code === 'EPERM'
  }
}

const HOUR_MS = 3_600_000

/** Nobody has written to it for an hour: another process has the number now. */
async function isOld(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  return stats !== undefined && Date.now() - stats.mtimeMs > HOUR_MS
}
