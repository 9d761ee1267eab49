/**
 * Reading a request's body and leaving it there for the app.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'

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

    if (req.readableEnded) return resolve(new Uint8Array())
    if (req.destroyed) return gone()
    req.on('readable', look)
    req.on('error', fail)
    req.on('close', gone)
    look()
  })
}
