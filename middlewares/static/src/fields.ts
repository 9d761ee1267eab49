/**
 * Header fields of the answers: made once for each form, then copied.
 *
 * @module
 */
import { prepareHeaders, respond, type PreparedHeaders } from '@outerware/core'
import { addVary, formatHttpDate, formatUseAsDictionary } from '@outerware/core/headers'
import type { Validators } from './answer/conditions.ts'
import type { Entry } from './entry.ts'
import type { Form } from './form.ts'
import type { Settings } from './settings.ts'

/** A name and its value. */
export type Field = readonly [name: string, value: string]

/** npm packs all files with this time; before it lie the epoch and 1980, which archives write for "unknown". */
const MEANINGLESS_MS = Date.parse('1985-10-26T08:15:00Z')

/** When a file was last changed, cut to seconds; `undefined` if that means nothing, or lies ahead (RFC 9110, 8.8.2.1). */
export function lastModifiedOf(entry: Entry, { lastModified }: Settings): number | undefined {
  const ms = Math.floor(entry.modifiedMs / 1000) * 1000
  return lastModified && ms > MEANINGLESS_MS && ms <= Date.now() ? ms : undefined
}

/** Fields of a 200, without the validators. */
function fieldsOf(entry: Entry, form: Form, settings: Settings): Field[] {
  const fields: Field[] = [
    ['content-type', entry.type],
    ['content-length', String(form.size)],
  ]
  if (form.coding !== 'identity') fields.push(['content-encoding', form.coding])
  if (entry.cacheControl !== undefined) fields.push(['cache-control', entry.cacheControl])
  const vary = varyOf(entry)
  if (vary !== undefined) fields.push(['vary', vary])
  if (entry.pattern !== undefined) fields.push(['use-as-dictionary', formatUseAsDictionary({ match: entry.pattern })])
  if (settings.acceptRanges) fields.push(['accept-ranges', 'bytes'])
  fields.push(...corsFields(settings))
  return fields
}

/** What chose the form, exactly (RFC 9110, 12.5.5; RFC 9842, 6.2). */
function varyOf({ forms, deltas }: Entry): string | undefined {
  if (deltas.length > 0) return 'accept-encoding, available-dictionary'
  return forms.length > 1 ? 'accept-encoding' : undefined
}

/** CORS of every answer. */
export function corsFields({ cors }: Settings): Field[] {
  return cors === false ? [] : [['access-control-allow-origin', cors]]
}

/** Lets a hook change the usual fields; what describes the bytes stays as it is. */
export function fieldsBySetHeaders(
  entry: Entry,
  form: Form,
  settings: Settings,
  setHeaders: (headers: Headers) => void,
): readonly string[] {
  const usual = new Map(fieldsOf(entry, form, settings))
  const { headers } = respond(null, { headers: usual })
  setHeaders(headers)
  for (const name of ['content-length', 'content-encoding', 'etag', 'last-modified']) {
    const value = usual.get(name)
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  for (const name of varyOf(entry)?.split(', ') ?? []) addVary(headers, name)
  return [...headers].flat()
}

/** Fields of a 200. */
export function okFields(
  entry: Entry,
  form: Form,
  settings: Settings,
  { tag, modifiedMs }: Validators,
): PreparedHeaders {
  const fields = form.fields === undefined ? fieldsOf(entry, form, settings) : pairs(form.fields)
  if (tag !== undefined) fields.push(['etag', tag])
  if (modifiedMs !== undefined) fields.push(['last-modified', formatHttpDate(modifiedMs)])
  return prepareHeaders(fields)
}

/** Fields of a 412 or a 416: whose they are, and no word on keeping them. */
export function refusalFields(ok: PreparedHeaders, more: readonly Field[] = []): Field[] {
  const about = ['etag', 'last-modified', 'vary', 'accept-ranges', 'access-control-allow-origin']
  const fields = [...ok].filter(([name]) => about.includes(name))
  return [['content-length', '0'], ['cache-control', 'no-store'], ...fields, ...more]
}

/** The same fields, but for those that are given, which come last. */
export function withFields(fields: Iterable<Field>, changed: readonly Field[]): Field[] {
  return [...[...fields].filter(([name]) => !changed.some(([other]) => other === name)), ...changed]
}

/** What says that a later request may build on this answer. */
const forLater = ['etag', 'last-modified', 'accept-ranges', 'use-as-dictionary']

/** The same fields, without those that later requests could build on. */
export function forOnce(fields: Iterable<Field>): Field[] {
  return [...fields].filter(([name]) => !forLater.includes(name))
}

/** The same fields, for a part of the form: that is no dictionary (RFC 9842, section 2.1). */
export function forPart(fields: Iterable<Field>, changed: readonly Field[]): Field[] {
  return withFields(fields, changed).filter(([name]) => name !== 'use-as-dictionary')
}

/** The value of a field, if it is there. */
export function valueOf(fields: Iterable<Field>, name: string): string | undefined {
  return [...fields].find(([known]) => known === name)?.[1]
}

function pairs(list: readonly string[]): Field[] {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!])
}
