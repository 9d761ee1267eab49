/**
 * Styles, scripts and the icon, small and under names with a hash in them, so that they are kept for ever.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { build } from 'esbuild'

const client = join(import.meta.dirname, 'client')
const entries = ['style.css', 'theme.js', 'site.js', 'icon.svg']

/**
 * Writes them, and gives their addresses by their names, such as `style`.
 *
 * @param {string} out the folder of the site
 * @param {string} index of the search, as JSON
 * @returns {Promise<Record<string, string>>}
 */
export async function writeAssets(out, index) {
  const { metafile } = await build({
    entryPoints: entries.map((name) => join(client, name)),
    outdir: join(out, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    metafile: true,
    target: 'es2022',
  })
  const made = Object.entries(metafile.outputs)
    .filter(([, { entryPoint }]) => entryPoint !== undefined)
    .map(([path, { entryPoint }]) => [/(\w+)\.\w+$/.exec(entryPoint)[1], addressIn(out, path)])
  return { ...Object.fromEntries(made), index: writeHashed(out, 'index', index) }
}

function addressIn(out, path) {
  return relative(out, path).split(sep).join('/')
}

/** Writes a JSON file under a name that changes with what it says. */
function writeHashed(out, name, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  mkdirSync(join(out, 'assets'), { recursive: true })
  writeFileSync(join(out, 'assets', `${name}.${hash}.json`), text)
  return `assets/${name}.${hash}.json`
}
