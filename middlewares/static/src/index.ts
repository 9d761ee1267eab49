export type { Asset } from './asset.ts'
export type { Encoding, StaticFile, StaticFilesOptions, StaticRoot } from './options.ts'
export {
  staticFiles,
  staticFilesHooks,
  type StaticFiles,
  type StaticFilesControls,
  type StaticFilesHooks,
} from './static.ts'
