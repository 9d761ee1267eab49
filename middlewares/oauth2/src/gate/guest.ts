/**
 * Who stands at the gate, and the way in.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { Bearer } from '../bearer/verify.ts'
import type { Loaded } from '../session/keeping/keeping.ts'
import type { Live } from '../session/live.ts'

/** A request at the gate. */
export interface Visit {
  readonly request: Request
  readonly context: Context
  /** Its Cookie header. */
  readonly header: string | null
  /** What its session's cookies hold, and the seal that they stand for. */
  readonly ticket: string | undefined
  readonly loaded: Loaded
}

/** Passes a request on to the app, with the session or with none. */
export type Enter = (
  request: Request,
  context: Context,
  header: string | null,
  someone: Someone | undefined,
) => Response | Promise<Response>

/** Who is there, and the identity fields for the app inside. */
export type Someone = Live | Bearer
