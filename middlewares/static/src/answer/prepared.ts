/**
 * What the answers of one form are made of, and the bounded memory that keeps it.
 *
 * @module
 */
import type { PreparedHeaders } from '@outerware/core'
import type { Form } from '../entry.ts'
import { notModifiedFields } from '../fields.ts'
import type { Growth } from './tag.ts'

/** Everything that need not be made again for each answer. */
export interface Parts {
  /** Fields of a 200. */
  readonly fields: PreparedHeaders
  /** The form's entity tag. */
  readonly tag: string | undefined
  /** The date of Last-Modified, in ms since 1970. */
  readonly modifiedMs: number | undefined
  /** The whole form, if it is small. */
  readonly body: Uint8Array | undefined
  readonly growth: Growth
}

/** See {@link Parts}. */
export class Prepared implements Parts {
  readonly fields: PreparedHeaders
  readonly tag: string | undefined
  readonly modifiedMs: number | undefined
  readonly body: Uint8Array | undefined
  readonly growth: Growth
  /** Asked for since the memory was last swept. */
  used = false
  #notModified: PreparedHeaders | undefined = undefined

  constructor({ fields, tag, modifiedMs, body, growth }: Parts) {
    this.fields = fields
    this.tag = tag
    this.modifiedMs = modifiedMs
    this.body = body
    this.growth = growth
  }

  /** Fields of a 304. */
  get notModified(): PreparedHeaders {
    return (this.#notModified ??= notModifiedFields(this.fields))
  }
}

/** What a prepared answer takes beside its body, in bytes; rounded up. */
const OVERHEAD = 1024

/**
 * Keeps what was prepared, up to a number of bytes. What was not asked for since the last sweep goes first, so that a
 * hit costs no more than setting a flag.
 */
export class Memory {
  readonly #maxTotal: number
  readonly #kept = new Map<Form, number>()
  #total = 0

  constructor(maxTotal: number) {
    this.#maxTotal = maxTotal
  }

  keep(form: Form, prepared: Prepared): void {
    this.#drop(form)
    const weight = OVERHEAD + (prepared.body?.byteLength ?? 0)
    prepared.used = true
    form.prepared = prepared
    this.#kept.set(form, weight)
    this.#total += weight
    this.#sweep()
  }

  /** Keeps nothing but these. */
  retain(forms: ReadonlySet<Form>): void {
    for (const form of this.#kept.keys()) if (!forms.has(form)) this.#drop(form)
  }

  #drop(form: Form): void {
    this.#total -= this.#kept.get(form) ?? 0
    this.#kept.delete(form)
    form.prepared = undefined
  }

  /** Goes around from the oldest; who was used gets another round. */
  #sweep(): void {
    for (const [form, weight] of this.#kept) {
      if (this.#total <= this.#maxTotal) return
      if (form.prepared?.used !== true) {
        this.#drop(form)
        continue
      }
      form.prepared.used = false
      this.#kept.delete(form)
      this.#kept.set(form, weight)
    }
  }
}
