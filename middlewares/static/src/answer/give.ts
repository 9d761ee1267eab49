/**
 * Bodies of files, whole and in parts, with the fields that go with them.
 *
 * @module
 */
import { respond, type Context, type PreparedHeaders } from '@outerware/core'
import { contentRange, unsatisfiedRange, type ByteRange } from '@outerware/core/headers'
import type { Entry } from '../entry.ts'
import type { Form } from '../form.ts'
import { forOnce, forPart, refusalFields, valueOf, withFields, type Field } from '../fields.ts'
import { FileBody, type Piece } from './body.ts'
import { openForm, type Opened } from './open.ts'
import type { Prepared } from './prepared.ts'
import { multipart } from './ranges.ts'
import { isSame } from './tag.ts'

/** What is given, and to whom. */
export interface Gift {
  readonly entry: Entry
  readonly form: Form
  readonly prepared: Prepared
  readonly context: Context
}

/** A 200 from the disk; `undefined` if the file has changed. */
export async function giveWhole(gift: Gift): Promise<Response | undefined> {
  const body = await streamOf(gift, [wholeOf(gift.form.size)])
  return body && respond(body, { headers: gift.prepared.fields })
}

/** A 206, or a 416 if there are no ranges; `undefined` if the file has changed. */
export async function giveParts(gift: Gift, ranges: readonly ByteRange[]): Promise<Response | undefined> {
  const { fields } = gift.prepared
  const { size } = gift.form
  const [first, ...more] = ranges
  if (first === undefined) {
    return respond(null, { status: 416, headers: refusalFields(fields, [['content-range', unsatisfiedRange(size)]]) })
  }
  if (more.length === 0) {
    return givePieces(gift, [first], first.end - first.start + 1, ['content-range', contentRange(first, size)])
  }
  const { pieces, length, type } = multipart(ranges, valueOf(fields, 'content-type'), size)
  return givePieces(gift, pieces, length, ['content-type', type])
}

/** A 404 with a page, which no cache keeps; `undefined` if the file has changed. */
export async function giveMissing(gift: Gift, { method }: Request): Promise<Response | undefined> {
  const headers = withFields(forOnce(gift.prepared.fields), [['cache-control', 'no-store']])
  const body = method === 'HEAD' ? null : (gift.prepared.body ?? (await streamOf(gift, [wholeOf(gift.form.size)])))
  return body === undefined ? undefined : respond(body, { status: 404, headers })
}

/**
 * A 200 of a file that does not keep still, such as a log: what is there now, with nothing that a cache or a later
 * request could hold it to.
 */
export function giveMoving(file: Opened, fields: PreparedHeaders, context: Context): Response {
  const { size } = file.stats
  const headers = withFields(forOnce(fields), [
    ['content-length', String(size)],
    ['cache-control', 'no-store'],
  ])
  return respond(closing(new FileBody(file, [wholeOf(size)], () => true), context), { headers })
}

async function givePieces(
  gift: Gift,
  pieces: readonly Piece[],
  length: number,
  field: Field,
): Promise<Response | undefined> {
  const { body } = gift.prepared
  const part = body === undefined ? await streamOf(gift, pieces) : cut(body, pieces)
  const headers = forPart(gift.prepared.fields, [['content-length', String(length)], field])
  return part && respond(part, { status: 206, headers })
}

async function streamOf(
  { entry, form, prepared, context }: Gift,
  pieces: readonly Piece[],
): Promise<FileBody | undefined> {
  const file = await openForm(entry, form)
  return file && closing(new FileBody(file, pieces, (sent) => isSame(sent, prepared.growth)), context)
}

/** A response that is dropped further out is never read: its file is closed all the same. */
function closing(body: FileBody, context: Context): FileBody {
  context.onFinish(() => void body.destroy())
  return body
}

function wholeOf(size: number): ByteRange {
  return { start: 0, end: size - 1 }
}

function cut(body: Uint8Array, pieces: readonly Piece[]): Uint8Array {
  const parts = pieces.map((piece) => (piece instanceof Uint8Array ? piece : body.subarray(piece.start, piece.end + 1)))
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}
