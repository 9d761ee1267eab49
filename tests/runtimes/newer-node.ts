/**
 * `npm run test:newer-node`: on a Node that has zstd, with dictionaries, the tests that leave it out where there is none.
 *
 * The Node is the one that `npm run test:runtimes -- --install` fetches. Nothing is to be done where the Node that is
 * here has zstd itself: there `npm test` has run all of them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { hasDictionaries } from '../support/zstd.ts'
import { newerNode, root } from './runtimes.ts'

/**
 * Test files, as Jest takes them: those that ask for the coding or for dictionaries. Not that which counts resident
 * memory, by gzip: beside other tests, a newer Node keeps a tenth more or less of it from run to run.
 */
const files = ['tests/compression/(?!aborted)', 'tests/static/(compress|dictionaries|encodings|options|stale)']

const node = newerNode()
if (hasDictionaries) {
  console.log(`This Node, ${process.version}, has zstd with dictionaries: npm test runs all there is`)
} else if (node !== undefined) {
  process.exitCode = jestOn(node)
} else {
  console.log('No newer Node is installed: npm run test:runtimes -- --install')
  if (process.env['CI'] === 'true') process.exitCode = 1
}

function jestOn(file: string): number {
  const args = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js']
  // What a test starts by its name is this Node, too.
  const env = { ...process.env, PATH: [dirname(file), process.env['PATH']].join(delimiter) }
  return spawnSync(file, [...args, ...files], { cwd: root, env, stdio: 'inherit' }).status ?? 1
}
