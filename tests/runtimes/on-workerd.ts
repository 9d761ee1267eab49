/**
 * Workers, by workerd: Node runs miniflare, which runs the Worker. Takes the folder in which miniflare is installed.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { announce } from './announce.ts'

interface Module {
  readonly type: 'ESModule'
  readonly path: string
  readonly contents: string
}

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../../..')

// What a bare name stands for: workerd knows no packages.
const entries: Record<string, string> = {
  '@outerware/allowed-hosts': '/middlewares/allowed-hosts/dist/index.js',
  '@outerware/core': '/core/dist/index.js',
  '@outerware/core/headers': '/core/dist/headers/index.js',
  '@outerware/core/workers': '/core/dist/workers.js',
  '@outerware/cross-origin-protection': '/middlewares/cross-origin-protection/dist/index.js',
  '@outerware/security-headers': '/middlewares/security-headers/dist/index.js',
  helmet: '/node_modules/helmet/index.mjs',
}

function moduleAt(path: string): Module {
  const contents = readFileSync(join(root, path), 'utf8').replaceAll(
    /(from ')([^'.][^']*)'/g,
    (_whole, from: string, name: string) => `${from}${entries[name] ?? name}'`,
  )
  return { type: 'ESModule', path, contents }
}

/** The files that an entry is one of, but for those of Node. */
const filesBeside = (entry: string): string[] => {
  const folder = entry.slice(1, entry.indexOf('/dist/') + '/dist'.length)
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !/^(?:node|inner)\//.test(file))
    .map((file) => `${folder}/${file}`)
}

const own = ['worker.js', 'site.js'].map((file) => `tests/dist/runtimes/${file}`)
const packages = Object.values(entries).filter((entry) => entry.includes('/dist/'))
const files = new Set([...own, ...packages.flatMap(filesBeside), 'node_modules/helmet/index.mjs'])

const { Miniflare } = createRequire(join(process.argv[2] ?? root, 'package.json'))('miniflare')
const workers = new Miniflare({
  host: '127.0.0.1',
  port: 0,
  // It tells of each malformed request.
  handleRuntimeStdio(stdout: Readable, stderr: Readable) {
    stdout.resume()
    stderr.resume()
  },
  compatibilityDate: '2026-04-01',
  modules: [...files].map(moduleAt),
})
announce(await workers.ready)
