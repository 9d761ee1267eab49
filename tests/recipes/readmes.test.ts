import { describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf, kindOf, root } from '../docs/pages.ts'

const recipes = readdirSync(join(root, 'recipes')).filter((name) =>
  existsSync(join(root, 'recipes', name, 'README.md')),
)
const linesOf = (...names: string[]): string[] => readFileSync(join(root, 'recipes', ...names), 'utf8').split('\n')

/** What somebody asks of a recipe, in the order in which they ask. */
const headings = ['## Run', '## Try it with curl', '## What to change']

describe.each(recipes)('%s', (name) => {
  const lines = linesOf(name, 'README.md')

  it('tells its goal, how to run it, how to try it, and what to change, in this order', () => {
    expect(lines[0]).toMatch(/^# \w/)
    expect(lines[2]).toMatch(/^\S.{80}/)
    expect(lines.filter((line) => headings.includes(line))).toEqual(headings)
  })

  it('has a drawing before anything is run', () => {
    const [first] = blocksOf(`recipes/${name}/README.md`)
    expect(kindOf(first!)).toBe('drawing')
  })

  it('has its wrapping on one screen', () => {
    const file = existsSync(join(root, 'recipes', name, 'app.ts')) ? 'app.ts' : 'worker.ts'
    expect(linesOf(name, file).length).toBeLessThanOrEqual(70)
  })

  it('is on the page of all recipes', () => {
    expect(linesOf('README.md').some((line) => line.includes(`](${name}/README.md)`))).toBe(true)
  })
})
