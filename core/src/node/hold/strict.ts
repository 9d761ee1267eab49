/**
 * `strictContentLength`: an app may ask that its body be as long as it was announced. Node sees to that as it writes,
 * which for a held answer would be too late to tell the app; so it is told here, in Node's words.
 *
 * @module
 */
import { sameName } from '../../own/headers.ts'
import { listOf } from './fields.ts'
import type { Hold } from './hold.ts'

/**
 * @param more bytes that come now, after the `hold.size` bytes that came before
 * @throws ERR_HTTP_CONTENT_LENGTH_MISMATCH if they are too many, or, at the end, too few
 */
export function checkLength(hold: Hold, more: number, atEnd: boolean): void {
  const announced = announcedBy(hold)
  const size = hold.size + more
  if (announced === undefined || (atEnd ? size === announced : size <= announced)) return
  const message = `Response body's content-length of ${size} byte(s) does not match the content-length of ${announced} byte(s) set in header`
  throw Object.assign(new Error(message), { code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH' })
}

function announcedBy({ res, fields }: Hold): number | undefined {
  const list = fields === undefined ? [] : listOf(fields)
  const said = (name: string): unknown =>
    res.getHeader(name) ?? list.find((_, i) => i % 2 === 1 && sameName(list[i - 1]!, name))
  const length = said('content-length')
  return length === undefined || said('transfer-encoding') !== undefined ? undefined : Number(length)
}
