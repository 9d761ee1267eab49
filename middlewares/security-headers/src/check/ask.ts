/**
 * One request to a site, as it is: nothing is followed, tidied up or unpacked.
 *
 * @module
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { rootCertificates, TLSSocket } from 'node:tls'
import type { FieldLines } from './seen.ts'

/** How a site is asked. */
export interface AskOptions {
  /** Whether every certificate is believed. */
  readonly insecure: boolean
  /** Certificates to believe beside those that Node knows, in PEM. */
  readonly ca: readonly string[]
  /** How long an answer may take. Unit: milliseconds. */
  readonly timeoutMs: number
}

/** What was answered. */
export interface Answer {
  readonly url: URL
  readonly status: number
  readonly fields: FieldLines
  /** Set-Cookie stands here, too: each line apart. */
  readonly body: string
  /** Whether a browser would believe the certificate; always with http. */
  readonly isVerified: boolean
}

/** More of a body is not looked at. Unit: bytes. */
const longest = 2 ** 20

/** What is asked, where it is not a GET of the URL. */
export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The request target, where it is none that a URL can have (`/%zz`). */
  readonly target?: string
}

/**
 * Asks once.
 *
 * @throws Node's errors of connections, and one with the code `ETIMEDOUT`
 */
export async function ask(url: URL, options: AskOptions, question: Question = {}): Promise<Answer> {
  const call = send(url, options, question)
  const late = setTimeout(() => call.destroy(timedOut(url, options.timeoutMs)), options.timeoutMs)
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call.on('response', resolve)
      // Heard for as long as the connection lasts; the first one counts.
      call.on('error', reject)
    })
    const { socket, statusCode = 0, rawHeaders } = response
    const isVerified = !(socket instanceof TLSSocket) || options.insecure || socket.authorized
    return { url, status: statusCode, fields: linesOf(rawHeaders), body: await bodyOf(response), isVerified }
  } finally {
    clearTimeout(late)
    call.destroy()
  }
}

function send(url: URL, { ca }: AskOptions, { method = 'GET', headers, target }: Question): ClientRequest {
  const isSecure = url.protocol === 'https:'
  const call = (isSecure ? httpsRequest : httpRequest)({
    agent: false,
    method,
    path: target ?? url.pathname + url.search,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    headers: { accept, 'user-agent': 'outerware-check', ...headers },
    // A site with a wrong certificate is judged all the same; whether it holds is read off the socket.
    ...(isSecure && { rejectUnauthorized: false, ...(ca.length > 0 && { ca: [...rootCertificates, ...ca] }) }),
  })
  return call.end()
}

/** The body, or as much of it as is looked at. */
async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    size += chunk.length
    if (size > longest) break
  }
  return Buffer.concat(chunks).toString()
}

const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

function timedOut(url: URL, timeoutMs: number): Error {
  return Object.assign(new Error(`${url.href} did not answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' })
}

function linesOf(raw: readonly string[]): FieldLines {
  const lines = new Map<string, string[]>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    lines.set(name, [...(lines.get(name) ?? []), raw[i + 1]!])
  }
  return lines
}
