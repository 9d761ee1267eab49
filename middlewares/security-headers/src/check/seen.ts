/**
 * What there is to judge: what was seen of a site from outside.
 *
 * @module
 */

/** Header fields by lower-cased name, each line apart. */
export type FieldLines = ReadonlyMap<string, readonly string[]>

/** A page of it. */
export interface Page {
  readonly url: URL
  readonly fields: FieldLines
  /** Empty where the page is no HTML. */
  readonly html: string
}

/** A site. */
export interface Seen {
  /** What a browser is shown in the end. */
  readonly page: Page
  /** Whether it answers by https, with a certificate that browsers believe. */
  readonly https: 'verified' | 'unverified' | 'none'
  /** From http on, what a browser is led through; `undefined` if nobody answers by http. */
  readonly route: readonly URL[] | undefined
  /** The Set-Cookie lines on the way. */
  readonly cookies: readonly string[]
  /** What a preflight of another origin was answered; that origin. */
  readonly preflight?: { readonly origin: string; readonly fields: FieldLines }
}

/** All lines of a field in one, as RFC 9110 joins them (section 5.3); `undefined` where there is none. */
export function fieldOf(fields: FieldLines, name: string): string | undefined {
  return fields.get(name)?.join(', ')
}
