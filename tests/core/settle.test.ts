import { Readable } from 'node:stream'
import { expect, it } from '@jest/globals'
import { editHeaders, filterBody, respond, settleBody, wholeBody } from '@outerware/core'

const text = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array)

/** A body of these chunks, each at hand when it is asked for; `last` follows them. */
function streamOf(chunks: string[], last: (controller: ReadableStreamDefaultController<Uint8Array>) => unknown) {
  const left = [...chunks]
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = left.shift()
        if (chunk === undefined) last(controller)
        else controller.enqueue(new TextEncoder().encode(chunk))
      },
    },
    { highWaterMark: 0 },
  )
}
const close = (controller: ReadableStreamDefaultController): void => controller.close()

it('has the body of a native response at hand as a whole', async () => {
  const settled = await settleBody(new Response('hello', { status: 201, headers: { 'x-a': '1' } }), 5)
  expect(text(wholeBody(settled))).toBe('hello')
  expect(settled.status).toBe(201)
  expect(settled.headers.get('x-a')).toBe('1')
})

it('joins chunks that are ready one after the other', async () => {
  const settled = await settleBody(new Response(streamOf(['he', 'll', 'o'], close)), 100)
  expect(text(wholeBody(settled))).toBe('hello')
})

it('has an empty body as an empty whole', async () => {
  expect(wholeBody(await settleBody(new Response(streamOf([], close)), 100))).toHaveLength(0)
})

it.each([
  ['a string', respond('hello')],
  ['no body', new Response(null)],
  ['a Node stream', respond(Readable.from(['hello']))],
  ['a filtered body', filterBody(new Response('hello'), () => new TransformStream())],
])('gives back the same response at once: %s', (_name, response) => {
  expect(settleBody(response, 100)).toBe(response)
})

it('gives back a response at once whose body somebody else reads', () => {
  const response = new Response('hello')
  response.body?.getReader()
  expect(settleBody(response, 100)).toBe(response)
})

it('leaves a body beyond the limit a stream, with all its bytes', async () => {
  const settled = await settleBody(new Response(streamOf(['123', '456', '789'], close)), 4)
  expect(wholeBody(settled)).toBeUndefined()
  expect(await settled.text()).toBe('123456789')
})

it('does not wait for a chunk that is not ready', async () => {
  let later: ReadableStreamDefaultController<Uint8Array> | undefined
  const settled = await settleBody(new Response(streamOf(['first,'], (controller) => (later = controller))), 100)
  expect(wholeBody(settled)).toBeUndefined()
  later?.enqueue(new TextEncoder().encode('second'))
  later?.close()
  expect(await settled.text()).toBe('first,second')
})

it('leaves an error in the stream, behind the chunks before it', async () => {
  const body = streamOf(['first'], (controller) => controller.error(new Error('lost')))
  const reader = (await settleBody(new Response(body), 100)).body!.getReader()
  expect(text((await reader.read()).value)).toBe('first')
  await expect(reader.read()).rejects.toThrow('lost')
})

it('cancels the source with the rejoined stream', async () => {
  let reason: unknown
  const body = new ReadableStream<Uint8Array>({ cancel: (given) => void (reason = given) })
  const settled = await settleBody(new Response(body), 100)
  await settled.body!.cancel('gone')
  expect(reason).toBe('gone')
})

it('settles the copy of a response that could not be changed', async () => {
  const edited = editHeaders(await fetch('data:text/plain,hello'), (headers) => headers.set('x-a', '1'))
  const settled = await settleBody(edited, 100)
  expect(text(wholeBody(settled))).toBe('hello')
  expect(settled.headers.get('x-a')).toBe('1')
})
