/**
 * The headers of a held answer: a live view over the real header store, which keeps the case and order of names.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { checkField, OwnHeaders, sameName, sortFields, type Field } from '../../own/headers.ts'
import type { Hold } from './hold.ts'

export class HeldHeaders extends OwnHeaders {
  readonly #hold: Hold
  readonly #res: ServerResponse

  constructor(hold: Hold) {
    super()
    this.#hold = hold
    this.#res = hold.res
  }

  get(name: string): string | null {
    const value = this.#res.getHeader(name)
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value)
  }

  has(name: string): boolean {
    return this.#res.hasHeader(name)
  }

  set(name: string, value: string): void {
    const checked = checkField(name, value)
    const known = this.#res.hasHeader(name) ? this.#spelt(name) : name
    this.#edit((res) => res.setHeader(known, checked))
  }

  append(name: string, value: string): void {
    const checked = checkField(name, value)
    const before = this.#res.getHeader(name)
    if (before === undefined) this.#edit((res) => res.setHeader(name, checked))
    else if (Array.isArray(before) || sameName(name, 'set-cookie')) {
      this.#edit((res) => res.setHeader(this.#spelt(name), [before, checked].flat().map(String)))
    } else this.#edit((res) => res.setHeader(this.#spelt(name), `${String(before)}, ${checked}`))
  }

  /** As the base does, with one lock taken off for all of them. */
  override fill(fields: readonly string[]): void {
    this.#edit((res) => {
      for (let i = 0; i < fields.length; i += 2) {
        if (!res.hasHeader(fields[i]!)) res.setHeader(fields[i]!, fields[i + 1]!)
      }
    })
  }

  delete(name: string): void {
    if (!this.#res.hasHeader(name)) return
    this.#edit((res) => res.removeHeader(name))
    // Node takes a removal for a wish to send no length and no chunks at all; here it means: frame it anew.
    const { inner } = this.#hold
    inner._removedContLen = inner._removedTE = false
  }

  getSetCookie(): string[] {
    const value = this.#res.getHeader('set-cookie')
    return value === undefined ? [] : [value].flat().map(String)
  }

  protected fields(): Field[] {
    const list: Field[] = []
    for (const [name, value] of Object.entries(this.#res.getHeaders())) {
      if (Array.isArray(value)) for (const one of value) list.push([name, one])
      else list.push([name, String(value)])
    }
    return sortFields(list)
  }

  /** The name as the app wrote it. */
  #spelt(name: string): string {
    return this.#hold.inner.getRawHeaderNames().find((known) => sameName(known, name)) ?? name
  }

  #edit(edit: (res: ServerResponse) => void): void {
    const hold = this.#hold
    // Whatever becomes of the body, the head is held until it is out; then Node says so.
    if (!hold.isLocked) return edit(this.#res)
    hold.unlock()
    try {
      edit(this.#res)
    } finally {
      hold.lock()
    }
  }
}
