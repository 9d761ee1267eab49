/**
 * Telling by its times and size whether a file is the one that was read.
 *
 * @module
 */
import type { Stats } from 'node:fs'

const doubles = new Float64Array(4)
const words = new Uint32Array(doubles.buffer)

/**
 * A number that differs when a file's inode, size, time of change or time of status change differ: one number in place
 * of four keeps an entry with four forms under 1 kB.
 */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats): number {
  doubles[0] = ino
  doubles[1] = size
  doubles[2] = mtimeMs
  doubles[3] = ctimeMs
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (const word of words) {
    low = Math.imul(low ^ word, 0x01000193)
    high = Math.imul(high ^ word ^ (low >>> 15), 0x85ebca6b)
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}

// The kernel's clock for times of change goes in steps of up to 10 ms.
const STEP_MS = 50

/**
 * Tells whether a file was left alone for so long that another change would show in its times. What was read of a file
 * that is not settled is not kept (git calls such files racy). Only the ctime cannot be set at will.
 */
export function isSettled({ ctimeMs }: Stats): boolean {
  return Date.now() - ctimeMs > STEP_MS
}
