/**
 * Headers over one flat array: name, value, name, value. Node's `writeHead` takes it as it is.
 *
 * A linear search is quicker than a map for the usual dozen of fields, and order and case are kept.
 *
 * @module
 */
import { checkField, OwnHeaders, sameName, sortFields, type Field } from './headers.ts'

export class FieldList extends OwnHeaders {
  readonly list: string[]

  constructor(list: string[]) {
    super()
    this.list = list
  }

  get(name: string): string | null {
    const { list } = this
    let found: string | null = null
    for (let i = 0; i < list.length; i += 2) {
      if (sameName(list[i]!, name)) found = found === null ? list[i + 1]! : `${found}, ${list[i + 1]!}`
    }
    return found
  }

  has(name: string): boolean {
    return hasField(this.list, name)
  }

  set(name: string, value: string): void {
    const { list } = this
    const checked = checkField(name, value)
    for (let i = 0; i < list.length; i += 2) {
      if (!sameName(list[i]!, name)) continue
      list[i + 1] = checked
      removeFields(list, name, i + 2)
      return
    }
    list.push(name, checked)
  }

  append(name: string, value: string): void {
    this.list.push(name, checkField(name, value))
  }

  delete(name: string): void {
    removeFields(this.list, name)
  }

  override fill(fields: readonly string[]): void {
    const { list } = this
    // Only what stood here before is compared: the fields to add do not repeat a name.
    const { length } = list
    for (let i = 0; i < fields.length; i += 2) {
      if (!hasField(list, fields[i]!, length)) list.push(fields[i]!, fields[i + 1]!)
    }
  }

  getSetCookie(): string[] {
    return this.list.filter((_, i) => i % 2 === 1 && sameName(this.list[i - 1]!, 'set-cookie'))
  }

  protected fields(): Field[] {
    return sortFields(pairs(this.list))
  }
}

/** Tells whether a flat list has a field of that name, in its first `length` members. */
export function hasField(list: readonly string[], name: string, length: number = list.length): boolean {
  for (let i = 0; i < length; i += 2) if (sameName(list[i]!, name)) return true
  return false
}

/** The flat list of any Headers; our own is copied with its order and case, a native one as Fetch lists it. */
export function toFieldList(headers: Iterable<readonly [string, string]>): string[] {
  if (headers instanceof FieldList) return headers.list.slice()
  const list: string[] = []
  for (const [name, value] of headers) list.push(name, value)
  return list
}

/** Takes the fields of that name out of a flat list, from an index on. */
export function removeFields(list: string[], name: string, from: number = 0): void {
  for (let i = list.length - 2; i >= from; i -= 2) if (sameName(list[i]!, name)) list.splice(i, 2)
}

function* pairs(list: readonly string[]): Generator<Field> {
  for (let i = 0; i < list.length; i += 2) yield [list[i]!, list[i + 1]!]
}
