import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, jest } from '@jest/globals'
import type { Left } from './aborted.child.ts'

// Thousands of downloads, on machines that may be busy.
jest.setTimeout(900_000)

/** Of a thousand downloads each. */
const ROUNDS = 16
/** A process that has just begun takes memory until it has what it needs. */
const WARM = 2
/** Memory goes up and down by itself: so many rounds are taken together. */
const TOGETHER = 4

const isBuilt = fileURLToPath(import.meta.resolve('@outerware/compression')).endsWith('.js')
const source = isBuilt ? [] : ['--conditions=@outerware/source']

/** With an arena for each thread, the memory of glibc is in pieces that differ from run to run. */
const env = { ...process.env, MALLOC_ARENA_MAX: '1' }

async function rounds(): Promise<readonly Left[]> {
  const typescript = ['--import', './tools/typescript.js', 'tests/compression/aborted.child.ts']
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--disable-warning=ExperimentalWarning', ...source, ...typescript, '1000', String(ROUNDS)],
    { cwd: resolve(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'inherit'], env },
  )
  const left: Left[] = []
  for await (const line of createInterface({ input: child.stdout })) left.push(JSON.parse(line))
  return left
}

it('10,000 clients that leave half way leave no codec, no source of the app, and no memory behind', async () => {
  const left = await rounds()
  expect(left).toHaveLength(ROUNDS)
  expect(left.filter(({ codecs, sources }) => codecs > 0 || sources > 0)).toEqual([])
  const before = left.slice(WARM, WARM + TOGETHER)
  const after = left.slice(-TOGETHER)
  expect(after[0]!.downloads - before[0]!.downloads).toBe(10_000)
  expect(residentIn(after)).toBeLessThan(residentIn(before) * 1.05)
})

/** The middle of what was resident. */
function residentIn(left: readonly Left[]): number {
  const sorted = left.map(({ resident }) => resident).sort((a, b) => a - b)
  return (sorted[1]! + sorted[2]!) / 2
}
