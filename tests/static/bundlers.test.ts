import { beforeAll, describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { staticFiles, type StaticFiles } from '@outerware/static'
import { build, bundlers, plainNames, type Built } from './bundlers.support.ts'
import { app, asks, type Ask } from './support.ts'

const FOREVER = 'public, max-age=31536000, immutable'
const PLAIN = 'public, max-age=60'

describe.each(bundlers)('$name', (bundler) => {
  describe.each([
    ['by the manifest of the bundler', false],
    ['by that of the compressor', true],
  ])('%s', (_name, plugged) => {
    let built: Built
    let files: StaticFiles
    let ask: Ask
    beforeAll(async () => {
      built = await build(bundler, plugged)
      const { manifest } = bundler
      files = staticFiles({
        dir: built.dist,
        ...(!plugged && manifest !== undefined && { manifest: join(built.project, manifest) }),
      })
      ask = asks(files(app))
    })

    it('what it has named is immutable', async () => {
      expect(built.outputs.length).toBeGreaterThanOrEqual(4)
      for (const path of built.outputs) {
        const { status, headers } = await ask(`/${path}`)
        expect([path, status, headers.get('cache-control')]).toEqual([path, 200, FOREVER])
      }
    })

    it('a page, a word, a date, a version are not', async () => {
      for (const name of plainNames) {
        const { status, headers } = await ask(name === 'index.html' ? '/' : `/${name}`)
        expect([name, status, headers.get('cache-control')]).toEqual([name, 200, PLAIN])
      }
    })

    it('asset() finds each of its files by the name that it has for them', async () => {
      for (const [name, url] of Object.entries(bundler.assets)) {
        const asset = files.asset(name)
        expect(asset.url).toMatch(url)
        expect(built.outputs).toContain(asset.url.slice(1))
      }
      const [entry = ''] = Object.keys(bundler.assets)
      expect(await (await ask(files.asset(entry).url)).text()).toContain('the entry')
    })

    it('a file of another build is a 404 that no cache keeps', async () => {
      for (const name of Object.keys(bundler.assets)) {
        const { url } = files.asset(name)
        // The same hash, turned around.
        const other = url.replace(/(?<=[-.])[\w-]{8,20}(?=\.\w+$)/, (hash) => hash.split('').toReversed().join(''))
        expect(other).not.toBe(url)
        const { status, headers } = await ask(other, { accept: 'text/html' })
        expect([other, status, headers.get('cache-control')]).toEqual([other, 404, 'no-store'])
      }
    })

    const promise = plugged ? 'the forms lie ready, each with its own coding, tag and bytes' : 'no forms are there'
    it(promise, async () => {
      for (const name of Object.keys(bundler.assets).filter((asset) => !asset.includes('lazy'))) {
        const { url } = files.asset(name)
        const plain = await ask(url)
        const content = Buffer.from(await plain.bytes())
        const [br, gzip] = [await ask(url, { 'accept-encoding': 'br' }), await ask(url, { 'accept-encoding': 'gzip' })]
        const tags = [plain, br, gzip].map(({ headers }) => headers.get('etag'))
        const codings = [plain, br, gzip].map(({ headers }) => headers.get('content-encoding'))
        if (!plugged) {
          expect([...codings, ...new Set(tags)]).toEqual([null, null, null, tags[0]])
          continue
        }
        expect([url, ...codings]).toEqual([url, null, 'br', 'gzip'])
        expect(new Set(tags).size).toBe(3)
        expect(zlib.brotliDecompressSync(await br.bytes()).equals(content)).toBe(true)
        expect(zlib.gunzipSync(await gzip.bytes()).equals(content)).toBe(true)
      }
    })

    it('the manifest of the compressor is there with the plugin, and never served', async () => {
      const path = join(built.dist, '.static-manifest.json')
      expect(existsSync(path)).toBe(plugged)
      expect(await (await ask('/.static-manifest.json')).text()).toBe('app: GET')
      if (!plugged) return
      const notes = JSON.parse(readFileSync(path, 'utf8')).files
      expect(Object.keys(notes).sort()).toEqual([...built.outputs, ...plainNames].sort())
    })
  })
})

describe('the plugins', () => {
  it('leave alone what Vite builds for the server', async () => {
    const script = `
import { build } from 'vite'
import { outerwareStatic } from '@outerware/static/vite'
await build({ logLevel: 'silent', build: { ssr: 'src/lazy.js' }, plugins: [outerwareStatic()] })`
    const { dist } = await build({ script }, true)
    expect(readdirSync(dist)).toContain('lazy.js')
    expect(existsSync(join(dist, '.static-manifest.json'))).toBe(false)
  })

  it.each([
    [
      'Rollup',
      `
import { rollup } from 'rollup'
import { outerwareStatic } from '@outerware/static/vite'
const bundle = await rollup({ input: 'src/lazy.js', plugins: [outerwareStatic()] })
await bundle.write({ file: 'out.js' })`,
    ],
    [
      'esbuild',
      `
import { build } from 'esbuild'
import { outerwareStatic } from '@outerware/static/esbuild'
await build({ entryPoints: ['src/lazy.js'], outfile: 'out.js', plugins: [outerwareStatic()] })`,
    ],
  ])('do not compress a whole project, if %s writes into it', async (_name, script) => {
    await expect(build({ script }, true)).rejects.toMatchObject({
      stderr: expect.stringContaining(
        'outerwareStatic.dir must be given, where the bundle has no directory of its own, got undefined',
      ),
    })
  })

  it('compress the directory that they are given, tell what they did, and do nothing after errors', async () => {
    const script = `
import { build } from 'esbuild'
import { outerwareStatic } from '@outerware/static/esbuild'
const options = { outfile: 'dist/out.js', logLevel: 'silent', plugins: [outerwareStatic({ dir: 'public', encodings: ['gzip'] })] }
await build({ ...options, entryPoints: ['src/none.js'] }).catch(() => console.log('failed'))
await build({ ...options, entryPoints: ['src/lazy.js'] })`
    const { dist, project, printed } = await build({ script }, true)
    expect(readdirSync(dist)).toEqual(['out.js'])
    expect(readdirSync(join(project, 'public'))).toContain('vendor-3.7.1.min.js.gz')
    expect(printed).toMatch(/^failed\n5 files, 4 forms: 4 made, 0 up to date, in \d+\.\d s\n.*\n$/)
  })
})
