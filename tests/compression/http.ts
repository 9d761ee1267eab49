import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { expect } from '@jest/globals'
import { fromNode, toNode, type NodeListener } from '@outerware/core/node'
import { compression, type CompressionOptions } from '@outerware/compression'
import { listen, type Listening } from '../support/index.ts'
import { decode } from './support.ts'

/** Starts a Node app behind `compression()` on a real socket. */
export function around(listener: NodeListener, options: CompressionOptions = {}): Promise<Listening> {
  return listen(toNode(compression(options)(fromNode(listener)), { onError: () => {} }))
}

/** An answer as it came over the socket. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** The body, decoded as Content-Encoding says. */
  readonly text: string
}

/** Asks for a path, by gzip unless the headers say otherwise. */
export async function ask(
  { port }: Listening,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const message = await open(port, path, headers, method)
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const coding = message.headers['content-encoding'] ?? null
  const text = method === 'HEAD' || bytes.byteLength === 0 ? '' : decode(coding, bytes).toString()
  return { status: message.statusCode ?? 0, headers: message.headers, bytes, text }
}

/** Resolves when the head has come; the body is the reader's. */
export function open(port: number, path: string, headers = {}, method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ port, path, method, host: '127.0.0.1', agent: false, headers: { 'accept-encoding': 'gzip', ...headers } })
      .on('response', resolve)
      .on('error', reject)
      .end()
  })
}

/** What every coded answer must be like. */
export function expectCoded(answer: Answer, text: string, coding = 'gzip'): void {
  expect(answer.text).toBe(text)
  expect(answer.headers).toMatchObject({ 'content-encoding': coding, vary: expect.stringMatching(/accept-encoding/i) })
  expect(answer.headers).not.toHaveProperty('accept-ranges')
  const length = answer.headers['content-length']
  if (length === undefined) expect(answer.headers['transfer-encoding']).toBe('chunked')
  else expect(Number(length)).toBe(answer.bytes.byteLength)
}
