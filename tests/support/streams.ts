/** A web stream of texts, one chunk each. */
export function streamOf(...texts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}

/** Reads a stream to its end, as text. */
export async function textOf(stream: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = []
  if (stream !== null) for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
