/** A small app, built by real bundlers in processes of their own. */
import { execFile } from 'node:child_process'
import { readdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fill, folder } from './support.ts'

const root = resolve(import.meta.dirname, '../..')
const words = Array.from({ length: 400 }, (_, i) => `  'word number ${i} of the list',`).join('\n')

/** Names that only look hashed, or do not at all; all bundlers leave them as they are. */
export const plainNames = [
  'index.html',
  'navigation-component.css',
  'page-DfX2k9aB.html',
  'release-20240102.js',
  'vendor-3.7.1.min.js',
]

const publicFiles = Object.fromEntries(plainNames.slice(1).map((name) => [name, `/* ${name} */ `.repeat(50)]))
const sources = {
  'package.json': '{ "type": "module" }',
  'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
  'src/main.js': `import './main.css'
import logo from './logo.svg'
const list = [\n${words}\n]
console.log('the entry', list, logo)
import('./lazy.js').then(({ lazy }) => console.log(lazy))\n`,
  'src/lazy.js': "export const lazy = 'what comes later'\n",
  'src/main.css': `${Array.from({ length: 200 }, (_, i) => `.c${i} { color: #${100 + i} }`).join('\n')}\n`,
  'src/logo.svg': `<svg xmlns="http://www.w3.org/2000/svg">${'<path d="M0 0h1v1z"/>'.repeat(400)}</svg>`,
}

export interface Bundler {
  readonly name: string
  /** Builds `dist` in the working directory; `plugged` with our plugin, else with the bundler's own manifest. */
  readonly script: string
  /** Option `manifest` of what was built without our plugin; found by itself if there is none. */
  readonly manifest?: string
  /** What is asked for by `asset()`, and the name that the bundler gives it. */
  readonly assets: Readonly<Record<string, RegExp>>
}

export const bundlers: readonly Bundler[] = [
  {
    name: 'Vite',
    script: `
import { build } from 'vite'
import { outerwareStatic } from '@outerware/static/vite'
await build({
  logLevel: 'silent',
  build: { manifest: !plugged, assetsInlineLimit: 0, rollupOptions: { input: ['index.html', 'src/main.js'] } },
  plugins: [plugged && outerwareStatic()],
})`,
    assets: {
      'src/main.js': /^\/assets\/main-[\w-]{8}\.js$/,
      'src/main.css': /^\/assets\/main-[\w-]{8}\.css$/,
      'src/lazy.js': /^\/assets\/lazy-[\w-]{8}\.js$/,
      'src/logo.svg': /^\/assets\/logo-[\w-]{8}\.svg$/,
    },
  },
  {
    name: 'Rollup',
    script: `
import { rollup } from 'rollup'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { outerwareStatic } from '@outerware/static/vite'
cpSync('public', 'dist', { recursive: true })
const emit = {
  name: 'emit',
  load(id) {
    if (!/\\.(css|svg)$/.test(id)) return null
    const file = this.emitFile({ type: 'asset', name: id.split('/').at(-1), originalFileName: id.slice(process.cwd().length + 1), source: readFileSync(id) })
    return 'export default import.meta.ROLLUP_FILE_URL_' + file
  },
}
const bundle = await rollup({ input: 'src/main.js', logLevel: 'silent', plugins: [emit, plugged && outerwareStatic()] })
const { output } = await bundle.write({ dir: 'dist', entryFileNames: '[name]-[hash].js' })
await bundle.close()
if (!plugged) writeFileSync('manifest.json', JSON.stringify(output))`,
    manifest: 'manifest.json',
    assets: {
      'main.js': /^\/main-[\w-]{8}\.js$/,
      'main.css': /^\/assets\/main-[\w-]{8}\.css$/,
      'src/logo.svg': /^\/assets\/logo-[\w-]{8}\.svg$/,
    },
  },
  {
    name: 'esbuild',
    script: `
import { build } from 'esbuild'
import { cpSync, writeFileSync } from 'node:fs'
import { outerwareStatic } from '@outerware/static/esbuild'
cpSync('public', 'dist', { recursive: true })
const names = { entryNames: '[dir]/[name]-[hash]', chunkNames: 'chunks/[name]-[hash]', assetNames: 'media/[name]-[hash]' }
const { metafile } = await build({
  entryPoints: ['src/main.js'],
  outdir: 'dist', bundle: true, splitting: true, format: 'esm', metafile: !plugged, logLevel: 'silent',
  loader: { '.svg': 'file' }, ...names, plugins: plugged ? [outerwareStatic({ quiet: true })] : [],
})
if (!plugged) writeFileSync('manifest.json', JSON.stringify(metafile))`,
    manifest: 'manifest.json',
    assets: {
      'src/main.js': /^\/main-[A-Z2-7]{8}\.js$/,
      'src/lazy.js': /^\/chunks\/lazy-[A-Z2-7]{8}\.js$/,
      'src/logo.svg': /^\/media\/logo-[A-Z2-7]{8}\.svg$/,
    },
  },
  {
    name: 'webpack',
    script: `
import webpack from 'webpack'
import { cpSync, writeFileSync } from 'node:fs'
import { compress } from '@outerware/static'
cpSync('public', 'dist', { recursive: true })
const stats = await new Promise((resolve, reject) => webpack({
  mode: 'production',
  entry: { main: './src/main.js' },
  experiments: { css: true },
  module: { rules: [{ test: /\\.svg$/, type: 'asset/resource' }] },
  output: {
    filename: '[name].[contenthash].js', cssFilename: '[name].[contenthash].css',
    chunkFilename: 'chunks/[name].[contenthash].chunk.js', assetModuleFilename: 'media/[name].[contenthash][ext]',
  },
}, (error, stats) => (error ?? stats.hasErrors() ? reject(error ?? stats.toString()) : resolve(stats))))
const json = stats.toJson({ all: false, assets: true, cachedAssets: true, chunkGroups: true, ids: true })
if (plugged) await compress('dist', { manifest: json })
else writeFileSync('manifest.json', JSON.stringify(json))`,
    manifest: 'manifest.json',
    assets: {
      'main.js': /^\/main\.[0-9a-f]{20}\.js$/,
      'main.css': /^\/main\.[0-9a-f]{20}\.css$/,
      'src/logo.svg': /^\/media\/logo\.[0-9a-f]{20}\.svg$/,
    },
  },
]

/** What was built. */
export interface Built {
  /** The folder that the bundler has written. */
  readonly dist: string
  /** The folder of the project. */
  readonly project: string
  /** Paths in `dist` of what the bundler has named, without coded forms and manifests. */
  readonly outputs: readonly string[]
  readonly printed: string
}

/** Builds the app. */
export async function build({ script }: Pick<Bundler, 'script'>, plugged: boolean): Promise<Built> {
  const project = folder(sources)
  const files = { 'index.html': sources['index.html'], ...publicFiles }
  fill(join(project, 'public'), files)
  fill(project, { 'build.mjs': `const plugged = ${plugged}\n${script}` })
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  const isBuilt = fileURLToPath(import.meta.resolve('@outerware/static')).endsWith('.js')
  const fromSource = ['--conditions=@outerware/source', `--import=${join(root, 'tools/typescript.js')}`]
  const args = [...(isBuilt ? [] : ['--disable-warning=ExperimentalWarning', ...fromSource]), 'build.mjs']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project })
  const dist = join(project, 'dist')
  const outputs = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((dirent) => dirent.isFile() && !dirent.name.startsWith('.') && !/\.(br|gz|zst)$/.test(dirent.name))
    .map((dirent) => join(dirent.parentPath, dirent.name).slice(dist.length + 1))
    .filter((path) => !path.startsWith('.') && !plainNames.includes(path))
  return { dist, project, outputs, printed: stdout }
}
