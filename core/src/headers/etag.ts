/**
 * Entity tags and the fields that compare them (RFC 9110, sections 8.8.3 and 13.1).
 *
 * @module
 */

/** Tells whether a text is one entity tag, `"…"` or `W/"…"`. */
export function isEntityTag(text: string): boolean {
  return /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(text)
}

/**
 * Makes a tag weak: for bytes that differ from what the tag was made for, but mean the same.
 *
 * @example
 * weaken('"a"') // 'W/"a"'
 */
export function weaken(etag: string): string {
  return etag.startsWith('W/') ? etag : `W/${etag}`
}

/**
 * Compares weakly: the tags are the same but for `W/` (8.8.3.2).
 *
 * @param field of `If-None-Match`: a list of tags, or `*`, which any tag matches
 * @param etag the current tag; `undefined` if there is none, which matches `*` only
 */
export function matchesWeakly(field: string, etag: string | undefined): boolean {
  if (field.trim() === '*') return true
  if (etag === undefined) return false
  const opaque = opaqueOf(etag)
  return tagsOf(field).some((member) => opaqueOf(member) === opaque)
}

/**
 * Compares strongly: the tags are the same and neither is weak (8.8.3.2).
 *
 * @param field of `If-Match` or `If-Range`: a list of tags, or `*`, which any tag matches
 * @param etag the current tag; `undefined` if there is none, which matches `*` only
 */
export function matchesStrongly(field: string, etag: string | undefined): boolean {
  if (field.trim() === '*') return true
  if (etag === undefined || etag.startsWith('W/')) return false
  return tagsOf(field).includes(etag)
}

/**
 * The tags of a list. A backslash in a tag escapes nothing, so this is no list of quoted strings (8.8.3); what is no
 * tag matches none.
 */
function tagsOf(field: string): string[] {
  return Array.from(field.matchAll(member), ([, tag]) => tag!)
}

// From one comma to the next; a comma in a tag does not count.
const member = /(?:^|,)[ \t]*((?:W\/)?"[^"]*")[ \t]*(?=,|$)/g

function opaqueOf(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag
}
