import { expect, it } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { elsewhere, whyNot } from './elsewhere.ts'
import { blocksOf, kindOf, pages, root } from './pages.ts'

const blocks = pages.flatMap(blocksOf)

it('is read by a test: it runs, it is compared, it is a drawing, or it is held elsewhere', () => {
  const left = blocks.filter((block) => kindOf(block) === 'other' && whyNot(block) === undefined)
  expect(left.map(({ page, line, code }) => `${page}:${line} ${code.split('\n')[0]}`)).toEqual([])
})

it('has its session, if it shows one, where somebody starts its servers: recipes are, in tests/packages', () => {
  const left = blocks.filter((block) => kindOf(block) === 'session' && whyNot(block) === undefined)
  expect(left.filter(({ page }) => !page.startsWith('recipes/'))).toEqual([])
})

it('nothing is on the list of those that are held elsewhere and is not on a page', () => {
  const used = new Set(blocks.map(whyNot))
  expect(elsewhere.filter((entry) => !used.has(entry))).toEqual([])
})

it('what holds them is there', () => {
  const tests = elsewhere.flatMap(({ heldBy }) => heldBy ?? [])
  expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

it.each(pages)('%s links to files that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const targets = [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, target = '']) => target)
  expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
})

it.each(blocks.filter((block) => kindOf(block) === 'list'))('$page lists files that are there', ({ page, code }) => {
  const names = code.match(/[\w-]+(?:\.ts|\/)(?!\w)/g) ?? []
  expect(names.length).toBeGreaterThan(3)
  expect(names.filter((name) => !existsSync(join(root, dirname(page), name)))).toEqual([])
})

it.each(blocks.filter((block) => kindOf(block) === 'diff'))('$page adds lines that are there', ({ page, code }) => {
  const app = readFileSync(join(root, dirname(page), 'app.ts'), 'utf8')
  for (const line of code.split('\n')) {
    const text = line.slice(1).trim()
    expect([text, app.includes(text)]).toEqual([text, !line.startsWith('-')])
  }
})
