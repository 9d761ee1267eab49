/**
 * Reading a request's body and leaving it there for the app.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'

/** Sizes of the bodies that were read here and put back. */
const putBack = new WeakMap<IncomingMessage, number>()

/** Tells whether a body that somebody has touched is there again, whole. */
export function isPutBack(req: IncomingMessage): boolean {
  const size = putBack.get(req)
  return size === 0 || (size !== undefined && !req.readableEnded)
}

/** The body is being read for good now. */
export function take(req: IncomingMessage): void {
  putBack.delete(req)
}

/** Whether the message has a body at all (RFC 9112, section 6.3). */
function hasBody(req: IncomingMessage | Http2ServerRequest): boolean {
  const { headers } = req
  if ('stream' in req && !req.stream.endAfterHeaders) return true
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Whether the last byte has come. That of HTTP/2 calls itself complete only after somebody has read to the end. */
function isComplete(req: IncomingMessage | Http2ServerRequest): boolean {
  return 'stream' in req ? req.stream.readableEnded : req.complete
}

/**
 * Puts another body in the place of one that `peek` has read whole.
 *
 * @throws TypeError if the body has not been read, or was longer than the limit
 */
export function replacePeeked(req: IncomingMessage, bytes: Uint8Array): void {
  if (!isPutBack(req) || !isComplete(req)) {
    throw new TypeError('A body can be replaced when peekBody() has read it whole, and nobody else has read it')
  }
  // As in `look`: what is there, and no further.
  if (req.readableLength > 0) req.read(req.readableLength)
  putBack.set(req, bytes.byteLength)
  if (bytes.byteLength > 0) req.unshift(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/**
 * Reads until the message is complete and puts everything back in the same turn, before `end` is emitted:
 * the app inside then reads it as if no one had.
 */
export function peek(req: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0

    const leave = (): void => {
      req.off('readable', look)
      req.off('error', fail)
      req.off('close', gone)
    }
    const settle = (): void => {
      leave()
      const whole = Buffer.concat(chunks)
      putBack.set(req, size)
      if (size > 0) req.unshift(whole)
      resolve(size > limit ? undefined : new Uint8Array(whole))
    }
    const fail = (error: Error): void => {
      leave()
      reject(error)
    }
    const gone = (): void => fail(new DOMException('The client has left', 'AbortError'))
    const look = (): void => {
      while (req.readableLength > 0 && size <= limit) {
        // Exactly what is there: the stream must not learn of its end.
        const chunk: Buffer = req.read(req.readableLength)
        chunks.push(chunk)
        size += chunk.byteLength
      }
      if (size > limit || (isComplete(req) && req.readableLength === 0)) settle()
    }

    if (req.readableEnded) {
      if (isPutBack(req) || !hasBody(req)) return resolve(new Uint8Array())
      return reject(new TypeError('Body is unusable: it has been read already'))
    }
    if (req.destroyed) return gone()
    req.on('readable', look)
    req.on('error', fail)
    req.on('close', gone)
    look()
  })
}
