/**
 * Which options there are, and what each must be.
 *
 * @module
 */
import { checkNames, OptionError } from '@outerware/core'
import type { StaticFilesOptions } from './options.ts'
import { secondsOf } from './seconds.ts'

type Rule = readonly [holds: (value: unknown) => boolean, wanted: string]

/**
 * Checks what was given, whatever the types say.
 *
 * @throws {@link OptionError} for the first option that is wrong or unknown
 */
export function checkOptions(options: StaticFilesOptions): void {
  if (!isRecord(options) || Array.isArray(options)) {
    throw new OptionError('staticFiles(…)', 'a directory or an object of options', options, false, insteadOf(options))
  }
  checkNames('staticFiles', options, Object.keys(rules))
  for (const [name, value] of Object.entries(options)) {
    if (isRule(name) && value !== undefined) check(`staticFiles.${name}`, value, rules[name])
  }
  if (options.dir === undefined) check('staticFiles.dir', undefined, rules.dir)
  checkParts(options)
}

function insteadOf(given: unknown): string {
  if (Array.isArray(given)) return `write staticFiles({ dir: ${JSON.stringify(given)} })`
  return typeof given === 'function' ? "write staticFiles('public')(app)" : ''
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isFunction = (value: unknown): boolean => typeof value === 'function'
const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null
const isBytes = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isDir = (value: unknown): boolean =>
  (isText(value) && !value.includes('\0')) || (value instanceof URL && value.protocol === 'file:')
const isRoot = (value: unknown): boolean => isDir(value) || (isRecord(value) && 'dir' in value && isDir(value.dir))
const isName = (value: unknown): boolean => isText(value) && !/[/\\\0]/.test(value)
const isDotName = (value: unknown): boolean => isName(value) && String(value).startsWith('.')
const isType = (value: unknown): boolean =>
  isText(value) && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ \t]*(?:;[ -~]*)?$/.test(value)
const isListOf = (holds: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(holds)
const isOneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value)

/** A path as `pathOf` reads it: no segment that it would refuse, nothing that looks encoded. */
const isPrefix = (value: unknown): boolean =>
  isText(value) && /^\/[^%?#\\\0]*$/.test(value) && !/\/\.{0,2}\//.test(`${value.replace(/\/$/, '')}/`)

const orFalse =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === false || holds(value)

const rules: { readonly [K in keyof Required<StaticFilesOptions>]: Rule } = {
  dir: [
    (value) => isRoot(value) || (Array.isArray(value) && value.length > 0 && value.every(isRoot)),
    'a directory (a path or a file: URL), or a list of directories and { dir, prefix }',
  ],
  prefix: [isPrefix, "a decoded path that begins with '/', such as '/assets'"],
  dev: [isBoolean, 'true or false'],
  maxAge: [
    orFalse((value) => secondsOf(value) !== undefined),
    "a whole number of seconds >= 0, a text with its unit such as '90s', '5m', '1h', '30d', '1y', or false",
  ],
  immutable: [
    (value) => value === 'auto' || isBoolean(value) || value instanceof RegExp || isFunction(value),
    "'auto', true, false, a RegExp or a function (url, path) => boolean",
  ],
  manifest: [
    (value) => isText(value) || isRecord(value),
    'a path of a bundler’s manifest, such a manifest, or a list of them',
  ],
  cacheControl: [isFunction, 'a function (file) => string | undefined'],
  origin: [
    (value) => value === '' || (isText(value) && /^https?:\/\/[^\s?#]+$/.test(value) && URL.canParse(value)),
    "an origin, such as 'https://cdn.example'",
  ],
  cors: [
    orFalse((value) => value === '*' || (isText(value) && /^https?:\/\/[^\s/]+$/.test(value))),
    "'*', one origin such as 'https://app.example', or false",
  ],
  etag: [isOneOf('content', 'stat', false), "'content', 'stat' or false"],
  lastModified: [isBoolean, 'true or false'],
  encodings: [isListOf(isOneOf('zstd', 'br', 'gzip')), "a list of 'zstd', 'br' and 'gzip'"],
  dictionaries: [isBoolean, 'true or false'],
  acceptRanges: [isBoolean, 'true or false'],
  maxRanges: [(value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number >= 1'],
  index: [orFalse(isName), "a file name such as 'index.html', or false"],
  redirect: [isBoolean, 'true or false'],
  redirectStatus: [isOneOf(301, 302, 307, 308), '301, 302, 307 or 308'],
  extensions: [isListOf(isName), "a list of extensions, such as ['html']"],
  single: [(value) => isBoolean(value) || isText(value), 'true, false or the path of a page'],
  notFound: [isText, "the path of a page, such as '404.html'"],
  dotfiles: [
    (value) => value === 'allow' || value === 'deny' || isListOf(isDotName)(value),
    "'allow', 'deny' or a list of names such as ['.well-known']",
  ],
  followSymlinks: [isOneOf('inside', true, false), "'inside', true or false"],
  fallthrough: [isBoolean, 'true or false'],
  setHeaders: [isFunction, 'a function (headers, file) => void'],
  inlineHashes: [isBoolean, 'true or false'],
  mimeTypes: [
    (value) => isRecord(value) && Object.values(value).every(isType),
    "media types by extension or name, such as { gltf: 'model/gltf+json' }",
  ],
  charset: [orFalse((value) => isText(value) && /^[\w.:+-]+$/.test(value)), "a charset such as 'utf-8', or false"],
  cache: [orFalse(isRecord), '{ maxFile, maxTotal } in bytes, or false'],
  recheckMs: [(value) => typeof value === 'number' && value >= 0, 'a number of milliseconds >= 0, or Infinity'],
  ignore: [isListOf(isText), "a list of patterns, such as ['*.map', 'drafts/**']"],
  report: [isFunction, 'a function (message) => void'],
}

function isRule(name: string): name is keyof typeof rules {
  return Object.hasOwn(rules, name)
}

function check(option: string, value: unknown, [holds, wanted]: Rule): void {
  if (!holds(value)) throw new OptionError(option, wanted, value)
}

function checkParts({ dir, cache }: StaticFilesOptions): void {
  if (Array.isArray(dir)) for (const [i, root] of dir.entries()) checkRoot(`staticFiles.dir[${i}]`, root)
  else checkRoot('staticFiles.dir', dir)
  if (cache === undefined || cache === false) return
  checkNames('staticFiles.cache', cache, ['maxFile', 'maxTotal'])
  for (const [name, value] of Object.entries(cache)) {
    if (value !== undefined) check(`staticFiles.cache.${name}`, value, [isBytes, 'a whole number of bytes >= 0'])
  }
}

function checkRoot(option: string, root: unknown): void {
  if (!isRecord(root) || root instanceof URL) return
  checkNames(option, root, ['dir', 'prefix'])
  if ('prefix' in root && root.prefix !== undefined) check(`${option}.prefix`, root.prefix, rules.prefix)
}
