/**
 * The build step, where you have a bundler: `assets/site.css` becomes `public/assets/site.<hash>.css`, and a
 * manifest in Vite's form tells `staticFiles()` which is which.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, parse } from 'node:path'
import { recipeFile } from './folder.ts'

/** Builds the assets. Done again it leaves alone what has not changed, its time too. */
export function buildAssets(): void {
  const built = readdirSync(recipeFile('assets')).map((name) => {
    const bytes = readFileSync(recipeFile('assets', name))
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
    const { name: stem, ext } = parse(name)
    return { name, bytes, file: `assets/${stem}.${hash}${ext}` }
  })
  const manifest = Object.fromEntries(built.map(({ name, file }) => [name, { file, src: name, isEntry: true }]))
  for (const { file, bytes } of built) write(file, bytes)
  write('.vite/manifest.json', JSON.stringify(manifest, null, 2))
  sweep(built.map(({ file }) => file))
}

/** Writes a file whole or not at all, so that a server beside never reads half of it. */
function write(name: string, content: string | Uint8Array): void {
  const path = recipeFile('public', name)
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, content)
  renameSync(`${path}.${process.pid}`, path)
}

/** Removes what earlier builds have left. */
function sweep(keep: readonly string[]): void {
  for (const name of readdirSync(recipeFile('public', 'assets'))) {
    if (/\.[0-9a-f]{12}\.\w+$/.test(name) && !keep.includes(`assets/${name}`)) {
      rmSync(recipeFile('public', 'assets', name), { force: true })
    }
  }
}
