import { request } from 'node:http'

/** What goes over the network. */
export interface Sent {
  readonly method: string
  readonly headers: Headers
  readonly body?: URLSearchParams | string
}

/**
 * Sends a request over http, with exactly these fields. `fetch()` would not do: it says of itself that it is no
 * navigation (`Sec-Fetch-Mode: cors`).
 */
export function send(url: string, { method, headers, body }: Sent): Promise<Response> {
  const text = body?.toString()
  const type = typeof body === 'string' ? 'application/json' : 'application/x-www-form-urlencoded'
  if (text !== undefined) headers.set('content-type', type)
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: Object.fromEntries(headers), agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const fields = new Headers()
        for (let i = 0; i < incoming.rawHeaders.length; i += 2)
          fields.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!)
        const status = incoming.statusCode ?? 500
        const isEmpty = status === 204 || status === 304
        resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: fields }))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}
