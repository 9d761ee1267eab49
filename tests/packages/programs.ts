/**
 * Runtimes beside Node. They are great, and no dependencies: `npm run test:runtimes -- --install` fetches them, and
 * what lies on the PATH does as well. What is not there is left out, with a line that says so.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'

const cache = resolve(import.meta.dirname, '../../node_modules/.cache/outerware-runtimes')
const places: Readonly<Record<string, string>> = {
  bun: join(cache, 'node_modules/@oven/bun-linux-x64-baseline/bin'),
  deno: join(cache, 'node_modules/@deno/linux-x64-glibc'),
}

/** The folder of a program. */
export function folderOf(program: string): string | undefined {
  const folders = [places[program] ?? '', ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.find((folder) => existsSync(join(folder, program)))
}

/** What is used of miniflare, which runs workerd. */
export interface Workerd {
  readonly ready: Promise<URL>
  dispose(): Promise<void>
}

/** Makes a workerd of options of miniflare; `undefined` where that is not installed. */
export function workerd(): ((options: object) => Workerd) | undefined {
  if (!existsSync(join(cache, 'node_modules/miniflare'))) return undefined
  const { Miniflare } = createRequire(join(cache, 'package.json'))('miniflare')
  return (options) => new Miniflare(options)
}
