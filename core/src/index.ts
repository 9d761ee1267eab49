/**
 * The contract, app => app, and what wrappers are made of.
 *
 * @module index
 */
export type { AddsOf, App, Context, Finished, Hooks, NeedsOf, UpgradeOffer, Wrapper } from './app.ts'
export { after, isPromise } from './after.ts'
export { beforeCoding, editBeforeCoding, type ResponseEdit } from './before-coding.ts'
export { checkApp } from './check-app.ts'
export { compose } from './compose.ts'
export { isConditional } from './conditional.ts'
export { inlineHashesOf, keepForError, provide, type Fields, type InlineHashes } from './context.ts'
export { derive, editRequestHeaders, native, peekBody } from './derive.ts'
export { addMissing, editHeaders, editStatus, filterBody, replaceBody, wholeBody } from './edit.ts'
export { errors, type ErrorsOptions } from './errors.ts'
export { fromHooks } from './hooks.ts'
export { checkNames, checkOptions, OptionError } from './option-error.ts'
export type { Body, BodyFilter, Derivation, WholeBody } from './own/shapes.ts'
export { pathTest, type PathRule } from './path-rules.ts'
export { pathOf, readPath } from './path.ts'
export { placed, type Place } from './place.ts'
export { prepareHeaders, PreparedHeaders } from './prepare.ts'
export { respond, type RespondInit } from './respond.ts'
export { copyFields, hasFields } from './same-fields.ts'
export { settleBody } from './settle.ts'
export { toFetch, type ToFetchOptions } from './to-fetch.ts'
export { upgrade, type Accept } from './upgrade.ts'
