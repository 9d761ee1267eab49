/**
 * How a response ended, where the platform does not tell: the body is watched as it is pulled.
 *
 * @module
 */
import type { WebContext } from './context.ts'

/** The response as it goes out. Without hooks it is left alone. */
export function finishing(response: Response, context: WebContext): Response {
  if (context.hooks === undefined) return response
  const { status, body } = response
  const error = context.error
  const failed = error !== null
  if (body === null || status === 101) {
    const told = Promise.resolve().then(() =>
      context.finish({ status, outcome: failed ? 'error' : 'sent', error, evidence: 'returned', bytes: 0 }),
    )
    context.waitUntil(told)
    return response
  }
  return new Response(watched(body, status, context), response)
}

function watched(body: ReadableStream<Uint8Array>, status: number, context: WebContext): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  let over = (): void => {}
  context.waitUntil(new Promise<void>((resolve) => (over = resolve)))
  const finish = (outcome: 'sent' | 'aborted' | 'error', error: unknown): void => {
    context.finish({ status, outcome, error, evidence: 'pulled', bytes })
    over()
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            bytes += value.byteLength
            return controller.enqueue(value)
          }
          controller.close()
          finish(context.error === null ? 'sent' : 'error', context.error)
        } catch (error) {
          controller.error(error)
          context.fail(error)
          finish('error', error)
        }
      },
      cancel(reason) {
        finish('aborted', null)
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
