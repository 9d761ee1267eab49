/**
 * Reads responses out of raw bytes, as a client must (RFC 9112). Written for the tests alone, so that no client
 * library smooths over what a server said.
 *
 * @module
 */

/** One response as it stood on the wire. */
export interface Message {
  /** `HTTP/1.1 200 OK`, as sent. */
  readonly statusLine: string
  readonly status: number
  /** Names and values in their order and case. */
  readonly fields: readonly Field[]
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
  /** The body without its framing. */
  readonly body: Buffer
  readonly trailers: readonly Field[]
  /** `false` when the bytes end before the message does. */
  readonly complete: boolean
  /** Where the next message begins. */
  readonly end: number
}

type Field = readonly [name: string, value: string]

/**
 * Reads the response that begins at `at`.
 *
 * @param method of the request; a HEAD has no body whatever its response says
 * @param ended whether the server has closed, which is how a body without length ends
 * @returns `undefined` while its head is not whole
 */
export function readMessage(bytes: Buffer, at: number, method: string, ended: boolean): Message | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', at)
  if (headEnd === -1) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', at, headEnd).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const head = { statusLine, status, fields: lines.map(readField) }
  return { ...head, ...readBody(bytes, headEnd + 4, method, head, ended) }
}

/** The value of a field, several joined as RFC 9110, section 5.2 has it. */
export function fieldOf({ fields }: { fields: readonly Field[] }, name: string): string | undefined {
  const values = fields.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

type Head = Pick<Message, 'status' | 'fields'>
type Rest = Pick<Message, 'framing' | 'body' | 'trailers' | 'complete' | 'end'>

/** The length of a body, RFC 9112, section 6.3. */
function readBody(bytes: Buffer, at: number, method: string, head: Head, ended: boolean): Rest {
  const { status } = head
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
    return { framing: 'none', body: Buffer.alloc(0), trailers: [], complete: true, end: at }
  }
  if (fieldOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked') return readChunked(bytes, at)
  const length = fieldOf(head, 'content-length')
  if (length === undefined) {
    return { framing: 'close', body: bytes.subarray(at), trailers: [], complete: ended, end: bytes.length }
  }
  const end = Math.min(at + Number(length), bytes.length)
  const complete = end === at + Number(length)
  return { framing: 'length', body: bytes.subarray(at, end), trailers: [], complete, end }
}

function readChunked(bytes: Buffer, start: number): Rest {
  const chunks: Buffer[] = []
  let at = start
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = lineEnd === -1 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (size === 0) return { ...readTrailers(bytes, lineEnd), framing: 'chunked', body: Buffer.concat(chunks) }
    if (Number.isNaN(size) || lineEnd + 4 + size > bytes.length) {
      return { framing: 'chunked', body: Buffer.concat(chunks), trailers: [], complete: false, end: bytes.length }
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 4 + size
  }
}

/** The trailer section begins with the line end of the last chunk, so that none and some are read alike. */
function readTrailers(bytes: Buffer, at: number): Pick<Rest, 'trailers' | 'complete' | 'end'> {
  const end = bytes.indexOf('\r\n\r\n', at)
  if (end === -1) return { trailers: [], complete: false, end: bytes.length }
  const lines = bytes.toString('latin1', at, end).split('\r\n').slice(1)
  return { trailers: lines.map(readField), complete: true, end: end + 4 }
}

function readField(line: string): Field {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}
