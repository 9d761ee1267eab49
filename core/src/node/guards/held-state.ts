/**
 * What Node's own fields say of a held answer as a rule, said on the `res` object by what Node documents.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { HELD, type Internals } from '../internals.ts'
import { shadow } from './shadow.ts'

export class HeldState implements Internals {
  readonly res: ServerResponse
  /** The head is held: to the app it is sent. */
  locked = false
  /** The app has ended its answer, which is held. */
  finished = false
  /** Nobody asks. */
  outputSize = 0
  /** The app has destroyed its answer, which is held. */
  destroyed = false
  /** The length of a body that is known before its head is said. Node finds it by itself where `end` says both. */
  _contentLength: number | null = null
  _hasBody: boolean
  /** A wrapper has taken away a field of the framing: Node would send no other in its place. */
  unframed = false
  /** The status that was said for a held answer: the app may set another one later. */
  said: number | undefined = undefined
  // Node does not tell what was removed, nor forgets it; see `unframed`.
  _removedContLen = false
  _removedTE = false
  _removedConnection = false
  /** It has been held at some time. */
  protected held = false
  private readonly isSent: () => unknown

  constructor(res: ServerResponse) {
    this.res = res
    this._hasBody = res.req.method !== 'HEAD'
    this.isSent = shadow(res, 'headersSent', () => this.locked)
    for (const name of ['finished', 'writableEnded']) shadow(res, name, () => this.finished)
    if ('destroyed' in res) shadow(res, 'destroyed', () => this.destroyed)
    // express-session asks Node's `_header`, which tells nothing now, and says the head once more.
    const { _implicitHeader: say } = optional(res)
    if (say !== undefined) optional(res)._implicitHeader = () => (this.locked ? undefined : say.call(res))
  }

  get _header(): string | null {
    return this.locked ? HELD : null
  }

  set _header(value: string | null) {
    this.locked = value === HELD
    this.held ||= this.locked
  }

  get sendDate(): boolean {
    return this.res.sendDate
  }

  set sendDate(value: boolean) {
    this.res.sendDate = value
  }

  get statusMessage(): string | undefined {
    return this.res.statusMessage
  }

  set statusMessage(value: string | undefined) {
    Reflect.set(this.res, 'statusMessage', value)
  }

  getRawHeaderNames(): string[] {
    return optional(this.res).getRawHeaderNames?.() ?? this.res.getHeaderNames()
  }

  _implicitHeader(): void {
    this.res.writeHead(this.res.statusCode)
  }

  /** The status of the head that has really left; `null` while there is none. */
  get sentStatus(): number | null {
    return this.isSent() === true ? (this.said ?? this.res.statusCode) : null
  }

  /** Whether fields are there; a store without any cannot be told from none. */
  get hasStore(): boolean {
    return this.res.getHeaderNames().length > 0
  }
}

/** What some responses have and others have not. */
interface Optional {
  getRawHeaderNames?(): string[]
  _implicitHeader?(): void
}

function optional(res: ServerResponse & Optional): Optional {
  return res
}
