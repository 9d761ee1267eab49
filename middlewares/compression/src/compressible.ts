/**
 * Which media types are worth a coding: those that mime-db calls compressible, and text of any kind.
 *
 * @module
 */
import types from 'mime-db'
import { memoize } from './memo.ts'

/**
 * Tells whether a Content-Type is worth compressing; what `compression()` asks unless it is given a `filter`.
 *
 * 1. what mime-db calls compressible is, what it calls incompressible is not, such as `image/png`;
 * 2. of those it does not know, `text/…`, `…+json`, `…+text` and `…+xml` are;
 * 3. gRPC (`application/grpc…`) never is: its frames say themselves how they are coded;
 * 4. no type at all is not.
 *
 * @param contentType the field's value, with parameters or without; `null` if there is none
 * @example
 * isCompressible('application/problem+json; charset=utf-8') // true
 */
export function isCompressible(contentType: string | null): boolean {
  return contentType !== null && ask(contentType)
}

const ask = memoize((contentType) => {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (type.startsWith('application/grpc')) return false
  return types[type]?.compressible ?? /^text\/|\+(?:json|text|xml)$/.test(type)
})
