// Compile-time promises of @outerware/static: this file is built, never run.
import type { Plugin as EsbuildPlugin } from 'esbuild'
import type { Plugin as RollupPlugin } from 'rollup'
import type { Plugin as VitePlugin } from 'vite'
import { compose, fromHooks, type AddsOf, type App, type Hooks, type NeedsOf, type Wrapper } from '@outerware/core'
import {
  compress,
  staticFiles,
  staticFilesHooks,
  type Asset,
  type Compressed,
  type Encoding,
  type StaticFile,
  type StaticFiles,
  type StaticFilesControls,
  type StaticFilesOptions,
} from '@outerware/static'
import { outerwareStatic as forEsbuild } from '@outerware/static/esbuild'
import { outerwareStatic as forVite } from '@outerware/static/vite'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => {}

declare const app: App
declare const needy: App<{ user: string }>
declare const login: Wrapper<{ user: string }>

export const wrapped: App = staticFiles('public')(app)
export const composed: App = compose(staticFiles({ dir: 'public', single: true }), login)(needy)
export const same: App = fromHooks(staticFilesHooks(new URL('file:///public')))(app)
export const several: Wrapper = staticFiles({ dir: ['a', new URL('file:///b'), { dir: 'c', prefix: '/c' }] })
// @ts-expect-error nothing adds the user
export const userMissing: App = staticFiles('public')(needy)

// It adds nothing to the context, and needs nothing there.
holds<Equals<AddsOf<StaticFiles>, {}>>()
holds<Equals<NeedsOf<StaticFiles>, {}>>()
holds<StaticFiles extends Wrapper & StaticFilesControls ? true : false>()
holds<ReturnType<typeof staticFilesHooks> extends Hooks & StaticFilesControls ? true : false>()
holds<Equals<keyof StaticFilesControls, 'reload' | 'asset' | 'urls' | 'close'>>()
holds<Equals<ReturnType<StaticFilesControls['reload']>, Promise<void>>>()
holds<Equals<ReturnType<StaticFilesControls['asset']>, Asset>>()
holds<Equals<ReturnType<StaticFilesControls['urls']>, string[]>>()
holds<Equals<Asset['url'], string>>()
holds<Equals<Asset['integrity'], string>>()
holds<Equals<Encoding, 'zstd' | 'br' | 'gzip'>>()
holds<Equals<keyof StaticFile, 'url' | 'path' | 'type' | 'size' | 'encoding' | 'immutable'>>()

holds<Equals<StaticFilesOptions['maxAge'], string | number | false | undefined>>()
// The value of an environment variable fits, also under exactOptionalPropertyTypes.
export const options: StaticFilesOptions = { dir: 'public', origin: process.env.STATIC_HOST }

// @ts-expect-error a directory is needed
staticFiles()
// @ts-expect-error a directory is needed
staticFiles({})
// @ts-expect-error there is no such option
staticFiles({ dir: 'public', maxage: 60 })
// @ts-expect-error true says too little
staticFiles({ dir: 'public', cors: true })
// @ts-expect-error a hook gives the headers back by changing them
staticFiles({ dir: 'public', setHeaders: { 'x-a': 'b' } })

staticFiles({ dir: 'public', inlineHashes: true, dictionaries: true })
// @ts-expect-error a server has the deltas that lie there, and makes none
staticFiles({ dir: 'public', dictionaries: 'dist-before' })

// The plugins fit their bundlers, though no type of theirs is imported.
export const vitePlugin: VitePlugin = forVite()
export const rollupPlugin: RollupPlugin = forVite({ exclude: ['pdf'] })
export const esbuildPlugin: EsbuildPlugin = forEsbuild({ dir: 'dist', quiet: true })
// @ts-expect-error a plugin is no check
forVite({ check: true })

export const compressed: Promise<Compressed> = compress('dist', { encodings: ['br'], minRatio: 0.9 })
export const deltas: Promise<Compressed> = compress('dist', { dictionary: ['dist-before', new URL('file:///old')] })
// @ts-expect-error no such coding
export const deflated: Promise<Compressed> = compress('dist', { encodings: ['deflate'] })
