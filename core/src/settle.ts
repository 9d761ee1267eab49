/**
 * Short bodies that hide behind a stream: `new Response('hello')` has one, and only reading tells.
 *
 * @module
 */
import { isOwnResponse } from './own/shapes.ts'
import { LightResponse, lighten } from './respond.ts'

type Bytes = ReadableStream<Uint8Array>

/**
 * Gives a response with its body at hand as a whole (see `wholeBody`), if the body is short and its bytes are ready.
 *
 * Reads a web stream until it ends, until nothing of it is ready for a turn of the event loop, or until there is more
 * than `limit`. In the last two cases the body is a stream again, of what was read and the rest. An error in the
 * stream stays in the stream. Other bodies are left alone, so are those of a Node app.
 *
 * @param limit in bytes: what is kept in memory at most, beside the chunk that goes beyond it
 * @returns the same response at once, if there is nothing to read; else a promise of the one to give on in its place
 * @example
 * after(settleBody(response, 65_536), (settled) => wholeBody(settled)) // the bytes of 'hello'
 */
export function settleBody(response: Response, limit: number): Response | Promise<Response> {
  const body = webStream(response)
  return body === null || body.locked ? response : settle(lighten(response), body, limit)
}

/** The stream of a native response, or of one that was native. */
function webStream(response: Response): Bytes | null {
  if (!isOwnResponse(response)) return response.body
  if (!(response instanceof LightResponse) || response.filters !== undefined) return null
  return response.source instanceof ReadableStream ? response.source : null
}

async function settle(response: LightResponse, body: Bytes, limit: number): Promise<Response> {
  const reader = body.getReader()
  const turn = nextTurn()
  const taken: Uint8Array[] = []
  let size = 0
  let reading = reader.read()
  while (size <= limit) {
    // An error comes again from the rejoined stream, to whoever reads it.
    const read = await Promise.race([reading, turn.over]).catch(() => undefined)
    if (read === undefined) break
    if (read.done) {
      turn.cancel()
      response.replaceBody(concat(taken, size))
      return response
    }
    taken.push(read.value)
    size += read.value.byteLength
    reading = reader.read()
  }
  turn.cancel()
  response.replaceBody(rejoin(taken, reading, reader))
  return response
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** A stream of what was taken from another, the read under way, and the rest. */
function rejoin(taken: Uint8Array[], reading: ReturnType<Reader['read']>, reader: Reader): Bytes {
  let next: typeof reading | undefined = reading
  reading.catch(() => {})
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const first = taken.shift()
        if (first !== undefined) return controller.enqueue(first)
        const { done, value } = await (next ?? reader.read())
        next = undefined
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** A promise for the next turn of the event loop; without `setImmediate`, for the next millisecond. */
function nextTurn(): { readonly over: Promise<undefined>; cancel(): void } {
  let cancel = (): void => {}
  const over = new Promise<undefined>((resolve) => {
    if (typeof setImmediate === 'function') {
      const immediate = setImmediate(resolve, undefined)
      cancel = () => clearImmediate(immediate)
    } else {
      const timer = setTimeout(resolve, 0, undefined)
      cancel = () => clearTimeout(timer)
    }
  })
  return { over, cancel }
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
