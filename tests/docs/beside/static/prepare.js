/** A bundle as Vite leaves it, with its manifest, and compressed by Brotli; what webpack says of one; and a source. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'

const script = Array.from({ length: 600 }, (_, i) => `export const lamp${i} = () => 'lit by keeper ${i}'\n`).join('')
const page = '<!doctype html>\n<title>Skerry</title>\n<script type="module" src="/assets/app-DfX2k9aB.js"></script>\n'
const style = Array.from({ length: 60 }, (_, i) => `.lamp-${i} { color: teal; margin: ${i}px }\n`).join('')
const manifest = { 'src/main.ts': { file: 'assets/app-DfX2k9aB.js', src: 'src/main.ts', isEntry: true } }

mkdirSync('dist/.vite', { recursive: true })
mkdirSync('dist/assets')
mkdirSync('build')
mkdirSync('src')
writeFileSync('src/main.ts', "export const lamp: string = 'lit'\n")
for (const stats of ['build/webpack-stats.json', 'build/stats.json']) {
  writeFileSync(stats, JSON.stringify({ assets: [{ name: 'assets/app-DfX2k9aB.js', info: { immutable: true } }] }))
}
writeFileSync('dist/index.html', page)
writeFileSync('dist/.vite/manifest.json', JSON.stringify(manifest))
writeFileSync('dist/assets/style-3fK2mQ9x.css', style)
writeFileSync('dist/assets/app-DfX2k9aB.js', script)
writeFileSync('dist/assets/app-DfX2k9aB.js.br', brotliCompressSync(script))
