/** Conditions, ranges, files: RFC 9110, sections 13 and 14, as Express and serve-static have them. */
import { requestOf, rewritten, type Kind } from '../harness/kind.ts'

const one = (name: string, path: string, ...fields: string[]): Kind => ({
  name,
  sends: requestOf(`GET ${path}`, ...fields),
})

export const conditionals: readonly Kind[] = [
  one('304 by an entity tag', '/tagged', 'If-None-Match: "v0", "v1"'),
  one('304 by any entity tag', '/tagged', 'If-None-Match: *'),
  one('304 by a date', '/dated', 'If-Modified-Since: Wed, 01 Jan 2025 00:00:00 GMT'),
  one('304 of a file', '/file', 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'),
  one('200, the tag is another', '/tagged', 'If-None-Match: "v2"'),
  one('no-cache wants it whole', '/fresh', 'If-None-Match: "v1"', 'Cache-Control: no-cache'),
  one('412 by an entity tag', '/file', 'If-Match: "nothing"'),
  one('412 by a date', '/file', 'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT'),
]

export const ranges: readonly Kind[] = [
  one('206, the first bytes', '/file', 'Range: bytes=0-4'),
  one('206, the last bytes', '/file', 'Range: bytes=-3'),
  one('206, an open range', '/file', 'Range: bytes=20-'),
  one('206 by If-Range', '/file', 'Range: bytes=0-0', 'If-Range: Fri, 01 Jan 2100 00:00:00 GMT'),
  one('200 by If-Range', '/file', 'Range: bytes=0-0', 'If-Range: "other"'),
  one('several ranges', '/file', 'Range: bytes=0-1,4-5'),
  one('416', '/file', 'Range: bytes=100-'),
  one('a range that is none', '/file', 'Range: letters=a-c'),
]

export const files: readonly Kind[] = [
  one('sendFile', '/file'),
  one('sendFile, nothing there', '/file-missing'),
  one('sendFile, own fields', '/file-own-fields'),
  one('sendFile with a callback', '/file-callback'),
  one('download', '/download'),
  one('static', '/static/letters.txt'),
  one('static, an index', '/static/'),
  one('static, a folder without its slash', '/static'),
  one('static, nothing there', '/static/nothing'),
  one('static, a hidden file', '/static/.hidden'),
  { ...one('static, traversal', '/static/../app.ts'), exempt: rewritten },
  { ...one('static, traversal in disguise', '/static/%2e%2e/app.ts'), exempt: rewritten },
  one('static, a NUL', '/static/letters.txt%00.html'),
]
