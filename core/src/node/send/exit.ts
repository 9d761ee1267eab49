import type { ServerResponse } from 'node:http'
import type { Methods } from '../hold/methods.ts'

/** Where a stream goes out. */
export interface Exit {
  readonly res: ServerResponse
  readonly wire: Methods
  /** The value of Content-Length, where the app has said it. */
  readonly length?: string | null
  /** Says the head, once; what Node refuses is thrown. */
  sayHead(): void
  /** Hears of what went wrong, once, while the client was there: before the head is out there can be an answer. */
  fail(error: unknown): void
}
