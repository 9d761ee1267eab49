/**
 * The fields of `writeHead`, as Node reads them: an object, a flat array, or an array of pairs.
 *
 * @module
 */
import { IncomingMessage, ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'
import { Socket } from 'node:net'

/** Tells whether Node takes them at all: a flat array must have a value for each name. */
export function isPaired(fields: object): boolean {
  return !Array.isArray(fields) || Array.isArray(fields[0]) || fields.length % 2 === 0
}

/**
 * Gives them as they are.
 *
 * @throws Node's own errors, for names and values that break the message
 */
export function validated(fields: object): object {
  for (const [name, value] of pairsOf(fields)) validateField(name, value)
  return fields
}

/** The flat list of them, a line for each value, as Node writes it where there is no header store. */
export function listOf(fields: object): string[] {
  const list: string[] = []
  for (const [name, value] of pairsOf(fields)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    for (const one of values) list.push(name, String(one))
  }
  return list
}

/**
 * Puts them into the header store, which replaces what it has; Node's own errors come from there.
 *
 * @param keeps whether all of equal names in an array stay
 */
export function mergeInto(res: ServerResponse, fields: object, keeps: boolean = keepsRepeated()): void {
  const pairs = pairsOf(fields).filter(([name]) => name !== '')
  if (!Array.isArray(fields) || !keeps) {
    for (const [name, value] of pairs) res.setHeader(name, value)
    return
  }
  for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs) res.appendHeader(name, Array.isArray(value) ? value : String(value))
}

type Value = string | number | readonly string[]

function pairsOf(fields: object): [name: string, value: Value][] {
  if (!Array.isArray(fields)) return Object.entries(fields)
  const flat: unknown[] = Array.isArray(fields[0]) ? fields.flat(1) : fields
  // oxlint-disable-next-line no-unsafe-type-assertion -- validated before they are used
  return Array.from({ length: flat.length >> 1 }, (_, i) => [String(flat[2 * i]), flat[2 * i + 1] as Value])
}

function validateField(name: string, value: any): void {
  validateHeaderName(name)
  for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(name, one)
}

let repeated: boolean | undefined

/** Of equal names in an array, older Nodes keep the last, newer ones all: asked once, of a response for nobody. */
function keepsRepeated(): boolean {
  if (repeated !== undefined) return repeated
  const res = new ServerResponse(new IncomingMessage(new Socket()))
  res.setHeader('a', '0')
  res.writeHead(200, ['b', '1', 'b', '2'])
  return (repeated = Array.isArray(res.getHeader('b')))
}
