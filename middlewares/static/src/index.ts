export type { Asset } from './asset.ts'
export { compress, type Compressed } from './compress/compress.ts'
export type { CompressError, Failure } from './compress/error.ts'
export type { Change, CompressedFile } from './compress/compressed-file.ts'
export type { CompressOptions } from './compress/options.ts'
export type { Skipped } from './compress/tree.ts'
export type {
  AnswerOptions,
  CachingOptions,
  Encoding,
  PathOptions,
  RunningOptions,
  StaticFile,
  StaticFilesOptions,
  StaticRoot,
} from './options.ts'
export {
  staticFiles,
  staticFilesHooks,
  type StaticFiles,
  type StaticFilesControls,
  type StaticFilesHooks,
} from './static.ts'
