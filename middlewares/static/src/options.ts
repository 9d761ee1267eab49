/**
 * What can be chosen, and what holds if nothing is.
 *
 * @module
 */
import type { AnswerOptions } from './options/answers.ts'
import type { CachingOptions } from './options/caching.ts'
import type { PathOptions } from './options/paths.ts'
import type { RunningOptions } from './options/running.ts'

export type { Encoding, StaticFile, StaticRoot } from './options/file.ts'
export type { AnswerOptions, CachingOptions, PathOptions, RunningOptions }

/** Options of {@link staticFiles}. */
export interface StaticFilesOptions extends PathOptions, CachingOptions, AnswerOptions, RunningOptions {}
