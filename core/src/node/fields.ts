/**
 * The fields of `writeHead`, as Node reads them: an object, a flat array, or an array of pairs.
 *
 * @module
 */
import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http'
import { forgetRemovals } from './internals.ts'

/** Tells whether Node takes them at all: a flat array must have a value for each name. */
export function isPaired(fields: object): boolean {
  return !Array.isArray(fields) || Array.isArray(fields[0]) || fields.length % 2 === 0
}

/** Throws Node's own errors for names and values that break the message. */
export function validate(fields: object): void {
  if (Array.isArray(fields)) for (const [name, value] of pairsOf(fields)) validateField(name, value)
  else for (const name in fields) if (name !== '') validateField(name, Reflect.get(fields, name))
}

/**
 * Puts them into the header store. Into an empty one Node writes every key, so that
 * `{ 'set-cookie': a, 'Set-Cookie': b }` are two fields; into one that has fields already, an object replaces.
 */
export function mergeInto(res: ServerResponse, fields: object): void {
  const adds = Array.isArray(fields) || res.getHeaderNames().length === 0
  const pairs = pairsOf(fields)
  if (Array.isArray(fields)) {
    for (const [name] of pairs) res.removeHeader(name)
    forgetRemovals(res)
  }
  for (const [name, value] of pairs) {
    const before = adds ? res.getHeader(name) : undefined
    res.setHeader(name, before === undefined ? value : [before, value].flat().map(String))
  }
}

type Value = string | number | readonly string[]

function pairsOf(fields: object): [name: string, value: Value][] {
  if (!Array.isArray(fields)) return Object.entries(fields).filter(([name]) => name !== '')
  const flat: unknown[] = Array.isArray(fields[0]) ? fields.flat(1) : fields
  // oxlint-disable-next-line no-unsafe-type-assertion -- validated before they are used
  return Array.from({ length: flat.length >> 1 }, (_, i) => [String(flat[2 * i]), flat[2 * i + 1] as Value])
}

function validateField(name: string, value: any): void {
  validateHeaderName(name)
  for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(name, one)
}
