/**
 * Reading a request's body and leaving it there for the app.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'

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
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
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
      if (size > limit || (req.complete && req.readableLength === 0)) settle()
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
