/**
 * The bounded memory of what answers are made of.
 *
 * @module
 */
import type { Form } from '../form.ts'
import type { Prepared } from './prepared.ts'

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
