import { expect, it } from '@jest/globals'
import { staticFiles, staticFilesHooks } from '@outerware/static'
import { folder } from './support.ts'

const dir = folder({ 'index.html': '', 'a.txt': '' })

it.each<[given: any, message: string]>([
  [undefined, 'staticFiles(…) must be a directory or an object of options, got undefined'],
  [null, 'staticFiles(…) must be a directory or an object of options, got null'],
  [5, 'staticFiles(…) must be a directory or an object of options, got 5'],
  [['a'], 'staticFiles(…) must be a directory or an object of options, got ["a"]; write staticFiles({ dir: ["a"] })'],
  [
    {},
    'staticFiles.dir must be a directory (a path or a file: URL), or a list of directories and { dir, prefix }, got undefined',
  ],
  [
    '',
    'staticFiles.dir must be a directory (a path or a file: URL), or a list of directories and { dir, prefix }, got ""',
  ],
  [
    { dir: [] },
    'staticFiles.dir must be a directory (a path or a file: URL), or a list of directories and { dir, prefix }, got []',
  ],
  [
    { dir: [5] },
    'staticFiles.dir must be a directory (a path or a file: URL), or a list of directories and { dir, prefix }, got [5]',
  ],
  [
    new URL('https://site.test/'),
    'staticFiles.dir must be a directory (a path or a file: URL), or a list of directories and { dir, prefix }, got https://site.test/',
  ],
  [
    '/no/such/directory',
    'staticFiles.dir must be a directory that is there, got "/no/such/directory"; build the site first, or create it',
  ],
  [`${dir}/a.txt`, `staticFiles.dir must be a directory that is there, got "${dir}/a.txt"; that is a file`],
  [
    { dir: [dir, '/no/such'] },
    'staticFiles.dir must be a directory that is there, got "/no/such"; build the site first, or create it',
  ],
  [
    { dir: [{ dir, prefix: 'x' }] },
    `staticFiles.dir[0].prefix must be a decoded path that begins with '/', such as '/assets', got "x"`,
  ],
  [
    { dir: { dir, prefix: 'x' } },
    `staticFiles.dir.prefix must be a decoded path that begins with '/', such as '/assets', got "x"`,
  ],
  [
    { dir: [dir, { dir, prefx: '/x' }] },
    'staticFiles.dir[1].prefx must be prefix, or left out: there is no such option, but dir, prefix, got "/x"',
  ],
  [
    { dir: 'a\0b' },
    'staticFiles.dir must be a directory (a path or a file: URL), or a list of directories and { dir, prefix }, got "a\\u0000b"',
  ],
])('%j throws: %s', (given, message) => {
  for (const make of [staticFiles, staticFilesHooks]) {
    expect(() => make(given)).toThrow(expect.objectContaining({ message, name: 'OptionError', code: 'ERR_OPTION' }))
  }
})

const PREFIX = `staticFiles.prefix must be a decoded path that begins with '/', such as '/assets', got`
const MAX_AGE = `staticFiles.maxAge must be a whole number of seconds >= 0, a text with its unit such as '90s', '5m', '1h', '30d', '1y', or false, got`
const CORS = `staticFiles.cors must be '*', one origin such as 'https://app.example', or false, got`

it.each<[option: string, given: any, message: string]>([
  ['prefix', 'assets', `${PREFIX} "assets"`],
  ['prefix', '/a%20b', `${PREFIX} "/a%20b"`],
  ['prefix', '/a/../b', `${PREFIX} "/a/../b"`],
  ['prefix', '/..', `${PREFIX} "/.."`],
  ['prefix', '/./', `${PREFIX} "/./"`],
  ['prefix', '//a', `${PREFIX} "//a"`],
  ['prefix', '/a//', `${PREFIX} "/a//"`],
  ['prefix', '/a?b', `${PREFIX} "/a?b"`],
  ['prefix', '/a\\b', `${PREFIX} "/a\\\\b"`],
  ['dev', 'yes', 'staticFiles.dev must be true or false, got "yes"'],
  ['maxAge', -1, `${MAX_AGE} -1`],
  ['maxAge', 1.5, `${MAX_AGE} 1.5`],
  ['maxAge', Infinity, `${MAX_AGE} Infinity`],
  ['maxAge', NaN, `${MAX_AGE} NaN`],
  ['maxAge', '60', `${MAX_AGE} "60"`],
  ['maxAge', '1 hour', `${MAX_AGE} "1 hour"`],
  ['maxAge', '10ms', `${MAX_AGE} "10ms"`],
  ['maxAge', true, `${MAX_AGE} true`],
  ['maxAge', null, `${MAX_AGE} null`],
  [
    'immutable',
    'yes',
    `staticFiles.immutable must be 'auto', true, false, a RegExp or a function (url, path) => boolean, got "yes"`,
  ],
  [
    'manifest',
    5,
    'staticFiles.manifest must be a path of a bundler’s manifest, such a manifest, or a list of them, got 5',
  ],
  ['manifest', 'no/such.json', 'staticFiles.manifest must be the path of a file that is there, got "no/such.json"'],
  [
    'manifest',
    `${dir}/a.txt`,
    `staticFiles.manifest must be a manifest of Vite, webpack, Rollup, esbuild, Django or Rails, or the path of one, got "${dir}/a.txt"`,
  ],
  [
    'manifest',
    { a: 5 },
    'staticFiles.manifest must be a manifest of Vite, webpack, Rollup, esbuild, Django or Rails, or the path of one, got {"a":5}',
  ],
  [
    'cacheControl',
    'no-store',
    'staticFiles.cacheControl must be a function (file) => string | undefined, got "no-store"',
  ],
  ['origin', 'cdn.example', `staticFiles.origin must be an origin, such as 'https://cdn.example', got "cdn.example"`],
  ['cors', true, `${CORS} true`],
  ['cors', 'app.example', `${CORS} "app.example"`],
  ['cors', 'https://app.example/', `${CORS} "https://app.example/"`],
  ['etag', 'weak', `staticFiles.etag must be 'content', 'stat' or false, got "weak"`],
  ['etag', true, `staticFiles.etag must be 'content', 'stat' or false, got true`],
  ['lastModified', 0, 'staticFiles.lastModified must be true or false, got 0'],
  ['encodings', 'gzip', `staticFiles.encodings must be a list of 'zstd', 'br' and 'gzip', got "gzip"`],
  ['encodings', ['deflate'], `staticFiles.encodings must be a list of 'zstd', 'br' and 'gzip', got ["deflate"]`],
  ['acceptRanges', 'bytes', 'staticFiles.acceptRanges must be true or false, got "bytes"'],
  ['maxRanges', 0, 'staticFiles.maxRanges must be a whole number >= 1, got 0'],
  ['index', true, `staticFiles.index must be a file name such as 'index.html', or false, got true`],
  ['index', 'a/b.html', `staticFiles.index must be a file name such as 'index.html', or false, got "a/b.html"`],
  ['redirect', 301, 'staticFiles.redirect must be true or false, got 301'],
  ['redirectStatus', 303, 'staticFiles.redirectStatus must be 301, 302, 307 or 308, got 303'],
  ['extensions', 'html', `staticFiles.extensions must be a list of extensions, such as ['html'], got "html"`],
  ['single', 5, 'staticFiles.single must be true, false or the path of a page, got 5'],
  ['single', 'app.html', 'staticFiles.single must be the path of a page that is there, got "app.html"'],
  ['notFound', true, `staticFiles.notFound must be the path of a page, such as '404.html', got true`],
  ['notFound', '404.html', 'staticFiles.notFound must be the path of a page that is there, got "404.html"'],
  [
    'dotfiles',
    'ignore',
    `staticFiles.dotfiles must be 'allow', 'deny' or a list of names such as ['.well-known'], got "ignore"`,
  ],
  [
    'dotfiles',
    ['well-known'],
    `staticFiles.dotfiles must be 'allow', 'deny' or a list of names such as ['.well-known'], got ["well-known"]`,
  ],
  ['followSymlinks', 'outside', `staticFiles.followSymlinks must be 'inside', true or false, got "outside"`],
  ['fallthrough', 1, 'staticFiles.fallthrough must be true or false, got 1'],
  [
    'immutable',
    async () => false,
    'staticFiles.immutable(…) must be true or false, got a Promise (is an await missing?)',
  ],
  [
    'setHeaders',
    async () => {},
    'staticFiles.setHeaders(…) must be a function that is done when it returns, got a Promise (is an await missing?)',
  ],
  ['setHeaders', { 'x-a': 'b' }, 'staticFiles.setHeaders must be a function (headers, file) => void, got {"x-a":"b"}'],
  [
    'mimeTypes',
    { gltf: 'gltf' },
    `staticFiles.mimeTypes must be media types by extension or name, such as { gltf: 'model/gltf+json' }, got {"gltf":"gltf"}`,
  ],
  [
    'mimeTypes',
    { a: 'a/b\r\nx: y' },
    `staticFiles.mimeTypes must be media types by extension or name, such as { gltf: 'model/gltf+json' }, got {"a":"a/b\\r\\nx: y"}`,
  ],
  ['charset', true, `staticFiles.charset must be a charset such as 'utf-8', or false, got true`],
  ['cache', true, 'staticFiles.cache must be { maxFile, maxTotal } in bytes, or false, got true'],
  ['cache', { maxFile: -1 }, 'staticFiles.cache.maxFile must be a whole number of bytes >= 0, got -1'],
  ['cache', { maxTotal: '1MB' }, 'staticFiles.cache.maxTotal must be a whole number of bytes >= 0, got "1MB"'],
  ['cache', { maxTotal: 1000 }, 'staticFiles.cache.maxFile must be at most maxTotal, 1000, got 65536'],
  [
    'cache',
    { maxSize: 1000 },
    'staticFiles.cache.maxSize must be maxFile, or left out: there is no such option, but maxFile, maxTotal, got 1000',
  ],
  ['recheckMs', -1, 'staticFiles.recheckMs must be a number of milliseconds >= 0, or Infinity, got -1'],
  ['recheckMs', NaN, 'staticFiles.recheckMs must be a number of milliseconds >= 0, or Infinity, got NaN'],
  ['ignore', '*.map', `staticFiles.ignore must be a list of patterns, such as ['*.map', 'drafts/**'], got "*.map"`],
  ['report', false, 'staticFiles.report must be a function (message) => void, got false'],
])('%s: %j throws: %s', (option, given, message) => {
  expect(() => staticFiles({ dir, [option]: given })).toThrow(
    expect.objectContaining({ message, name: 'OptionError', code: 'ERR_OPTION' }),
  )
})

it('an option that is not known throws, and names those that are, each of them once', () => {
  const options: object = { maxage: 60 }
  const names = `dir, prefix, dev, maxAge, immutable, manifest, cacheControl, origin, cors, etag, lastModified, encodings,
    dictionaries, acceptRanges, maxRanges, index, redirect, redirectStatus, extensions, single, notFound, dotfiles, followSymlinks,
    fallthrough, setHeaders, inlineHashes, mimeTypes, charset, cache, recheckMs, ignore, report`
  expect(() => staticFiles({ dir, ...options })).toThrow(
    `staticFiles.maxage must be maxAge, or left out: there is no such option, but ${names.replace(/\s+/g, ' ')}, got 60`,
  )
})

it('single: true needs an index', () => {
  expect(() => staticFiles({ dir, single: true, index: false })).toThrow(
    'staticFiles.single must be the path of a page where index is false, got true',
  )
})

it.each([
  ['a\r\nb', '"a\\r\\nb"'],
  ['ü', '"ü"'],
  [5, '5'],
  [null, 'null'],
])('what cacheControl gives must not be %j', (given: any, shown) => {
  expect(() => staticFiles({ dir, cacheControl: () => given })).toThrow(
    `staticFiles.cacheControl(…) must be a field value or undefined, got ${shown}`,
  )
})

it('an option that is undefined is not given', () => {
  const options: Record<string, undefined> = {
    maxAge: undefined,
    index: undefined,
    cache: undefined,
    report: undefined,
  }
  expect(staticFiles({ dir, ...options }).urls()).toEqual(['/', '/a.txt'])
})
