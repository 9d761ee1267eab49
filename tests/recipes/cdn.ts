/** Builds the client of the recipe for a CDN. */
import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// Also where this runs from tests/dist.
const root = resolve(import.meta.dirname.replace(/[\\/]tests[\\/].*/, ''))

/** Builds it by Vite into a directory; `more` is added to its script. A copy of the project lies beside it. */
export async function buildKnots(dist: string, more = ''): Promise<void> {
  const project = `${dist}-project`
  cpSync(join(root, 'recipes/cdn'), project, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  appendFileSync(join(project, 'client/main.js'), more)
  const isBuilt = fileURLToPath(import.meta.resolve('@outerware/static')).endsWith('.js')
  const fromSource = ['--conditions=@outerware/source', `--import=${join(root, 'tools/typescript.js')}`]
  const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', dist, '--logLevel', 'silent']
  await promisify(execFile)(process.execPath, [...(isBuilt ? [] : fromSource), ...vite], { cwd: project })
}
