import { rmSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { staticFiles } from '@outerware/static'
import { growth } from '../support/index.ts'
import { asking, folder, said, settle } from './support.ts'

it('a file with four forms takes no more than 1 kB of heap', async () => {
  const COUNT = 1500
  const dir = folder(
    Object.fromEntries(
      Array.from({ length: COUNT }, (_, i) => `assets/chunks/component-number-${i}-DfX2k9aB.js`).flatMap((name) =>
        ['', '.gz', '.br', '.zst'].map((suffix) => [name + suffix, suffix === '' ? 'x'.repeat(10) : 'x']),
      ),
    ),
  )
  // What is made for the first wrapper only is not a file's; five of them outweigh what else happens in the heap.
  const kept = [staticFiles(dir)]
  const grown = await growth(5 * COUNT * 1024, () => {
    for (let i = 0; i < 5; i++) kept.push(staticFiles(dir))
  })
  const perFile = grown / (5 * COUNT)
  expect(kept.at(-1)?.urls()).toHaveLength(COUNT)
  expect(perFile).toBeGreaterThan(100)
  expect(perFile).toBeLessThan(1024)
})

it('memory keeps no more than maxTotal, and gives up first what was not asked for lately', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const dir = folder(Object.fromEntries(names.map((name) => [`${name}.txt`, name.repeat(10_000)])))
  await settle()
  // Three files of 10 kB, and what goes with them.
  const ask = asking({ dir, cache: { maxFile: 20_000, maxTotal: 35_000 }, recheckMs: Infinity })
  for (const name of ['a', 'b', 'c', 'd', 'b', 'e']) {
    expect(await said(await ask(`/${name}.txt`))).toBe(`200 ${name.repeat(10_000)}`)
  }
  rmSync(dir, { recursive: true })
  const kept = await Promise.all(names.map(async (name) => (await ask(`/${name}.txt`)).status === 200))
  expect(names.filter((_name, i) => kept[i])).toEqual(['b', 'd', 'e'])
})

it.each([
  ['larger than maxFile', { maxFile: 9_999 }],
  ['no memory at all', false],
] as const)('what is %s is read each time', async (_name, cache) => {
  const dir = folder({ 'a.txt': 'a'.repeat(10_000) })
  await settle()
  const ask = asking({ dir, cache, recheckMs: Infinity })
  expect((await ask('/a.txt')).status).toBe(200)
  rmSync(dir, { recursive: true })
  expect((await ask('/a.txt')).status).toBe(404)
})

it('requests for the same file at the same time share one read of it', async () => {
  const dir = folder({ 'a.bin': Buffer.alloc(10_000_000, 'a') })
  await settle()
  const ask = asking({ dir, recheckMs: Infinity })
  const tags = await Promise.all(
    Array.from({ length: 50 }, async () => (await ask('/a.bin', {}, 'HEAD')).headers.get('etag')),
  )
  expect(new Set(tags).size).toBe(1)
  rmSync(dir, { recursive: true })
  // The tag is known now, and HEAD opens nothing.
  expect((await ask('/a.bin', {}, 'HEAD')).headers.get('etag')).toBe(tags[0])
})
