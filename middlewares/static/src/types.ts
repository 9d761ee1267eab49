/**
 * Media types by file name. The table is shipped, so every machine gives the same answer.
 *
 * @module
 */
import { mimes } from 'mrmime'

/**
 * What mrmime leaves out (it has no `vnd.` and no `x-` types) and sites do serve. And `.cjs`: its `application/node` is no
 * script to a browser that is told `nosniff`, and builds for browsers are called so: `lib.umd.cjs` (RFC 9239).
 */
const more: Readonly<Record<string, string>> = {
  '7z': 'application/x-7z-compressed',
  apk: 'application/vnd.android.package-archive',
  avi: 'video/x-msvideo',
  bz2: 'application/x-bzip2',
  cjs: 'text/javascript',
  crx: 'application/x-chrome-extension',
  cur: 'image/x-icon',
  deb: 'application/vnd.debian.binary-package',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eot: 'application/vnd.ms-fontobject',
  flac: 'audio/flac',
  ico: 'image/x-icon',
  jfif: 'image/jpeg',
  kml: 'application/vnd.google-earth.kml+xml',
  m3u8: 'application/vnd.apple.mpegurl',
  m4v: 'video/x-m4v',
  mkv: 'video/matroska',
  ndjson: 'application/x-ndjson',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  pkpass: 'application/vnd.apple.pkpass',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rar: 'application/vnd.rar',
  rpm: 'application/x-redhat-package-manager',
  srt: 'application/x-subrip',
  tar: 'application/x-tar',
  tgz: 'application/gzip',
  usdz: 'model/vnd.usdz+zip',
  vcf: 'text/vcard',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xpi: 'application/x-xpinstall',
  xz: 'application/x-xz',
  zst: 'application/zstd',
}

/** Names that have no extension but a meaning. */
const wholeNames: Readonly<Record<string, string>> = { 'apple-app-site-association': 'application/json' }

/**
 * Makes a function that tells the media type of a file by its name; what is unknown is `application/octet-stream`.
 *
 * @param custom by extension, with or without its dot, or by whole name; wins over the table
 * @param charset added to `text/*` types without one; `false` adds none
 */
export function mediaTypes(
  custom: Readonly<Record<string, string>>,
  charset: string | false,
): (name: string) => string {
  const own = Object.entries(custom).map(([key, type]) => [key.replace(/^\./, '').toLowerCase(), type] as const)
  const typesOf = (entries: Iterable<readonly [string, string]>): Map<string, string> =>
    new Map(Array.from(entries, ([key, type]) => [key, withCharset(type, charset)]))
  const byName = typesOf([...Object.entries(wholeNames), ...own])
  const byExtension = typesOf([...Object.entries(mimes), ...Object.entries(more), ...own])
  return (name) => {
    const key = name.toLowerCase()
    const dot = key.lastIndexOf('.')
    return (
      byName.get(key) ?? (dot === -1 ? undefined : byExtension.get(key.slice(dot + 1))) ?? 'application/octet-stream'
    )
  }
}

function withCharset(type: string, charset: string | false): string {
  if (charset === false || !type.startsWith('text/') || /;[ \t]*charset=/i.test(type)) return type
  return `${type}; charset=${charset}`
}
