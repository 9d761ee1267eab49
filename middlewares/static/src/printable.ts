/**
 * Names of files, as they are shown.
 *
 * @module
 */

/** Shows what would end a line or move the cursor as `\u{1b}`: who uploads files may call them what he likes. */
export function printable(line: string): string {
  return line.replace(unprintable, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
}

const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu
