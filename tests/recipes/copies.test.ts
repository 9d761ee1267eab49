import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const recipes = join(import.meta.dirname, '../../recipes')

// A recipe is copied alone, so that what two of them need lies in both; a fault that is mended is mended in all.
it.each([
  ['hooks-inside/express.ts', 'outer-or-inner/inside/express.ts'],
  ['hooks-inside/fastify.ts', 'outer-or-inner/inside/fastify.ts'],
  ['hooks-inside/hono.ts', 'outer-or-inner/inside/hono.ts'],
  ['hooks-inside/koa.ts', 'outer-or-inner/inside/koa.ts'],
  ['websockets-behind-login/provider.ts', 'any-language/provider.ts'],
  ['websockets-behind-login/provider.ts', 'forward-auth/provider.ts'],
  ['websockets-behind-login/provider.ts', 'spa-with-vite/provider.ts'],
])('%s is the same as %s', (file, copy) => {
  expect(readFileSync(join(recipes, copy), 'utf8')).toBe(readFileSync(join(recipes, file), 'utf8'))
})
