/** A connection that idles behind four wrappers costs at most 5 % more of the heap than one behind none. */
import { beforeAll, describe, expect, it } from '@jest/globals'
import { join, resolve } from 'node:path'
import { connectionsAllowed, idleCost } from './idle.ts'

const isBuilt = import.meta.filename.endsWith('.js')
const node = isBuilt
  ? [join(import.meta.dirname, 'idle-server.js')]
  : [
      '--disable-warning=ExperimentalWarning',
      '--conditions=@outerware/source',
      `--import=${resolve('tools/typescript.js')}`,
      join(import.meta.dirname, 'idle-server.ts'),
    ]
// Code that V8 makes on its way, in its own time, would count as well.
const steady = ['--no-opt', '--no-sparkplug', ...node]
const connections = connectionsAllowed(6000)
/** By so much the whole heap differs from run to run, whatever runs. Unit: bytes. */
const WAVERING = 256 * 1024

/** What disturbs a measurement adds to it, so the lesser of two is the nearer. */
async function heapOf(name: string): Promise<number> {
  const first = await idleCost(name, connections, steady)
  const second = await idleCost(name, connections, steady)
  return connections * Math.min(first.heap, second.heap)
}

describe('idle connections', () => {
  let bare = 0
  beforeAll(async () => void (bare = await heapOf('bare')))

  it.each(['fetch through 4', 'node through 4'])('cost at most 5 %% more: %s', async (name) => {
    expect(bare).toBeGreaterThan(connections * 1000)
    expect(await heapOf(name)).toBeLessThanOrEqual(bare * 1.05 + WAVERING)
  })
})
