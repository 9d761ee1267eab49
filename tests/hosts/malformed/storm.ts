/**
 * Sends malformed requests to a server, many connections at a time, and looks at what comes back.
 *
 * @module
 */
import { connect } from 'node:net'
import { fieldOf, readMessage } from '../harness/message.ts'
import { malformed, seeded } from './generate.ts'

/** What a storm has shown. */
export interface Storm {
  /** Seeds of requests whose connection was open yet when the patience was over. */
  readonly hung: number[]
  /** Seeds of requests with bytes that are no answers, or more answers than requests. */
  readonly wrong: number[]
  /** How many connections ended with what status; `cut` without any. */
  readonly statuses: Record<string, number>
}

/** @param patienceMs how long a connection may stay open: more than the server's own time outs */
export async function storm(
  port: number,
  count: number,
  { seed = 1, atOnce = 50, patienceMs = 60_000 } = {},
): Promise<Storm> {
  const found: Storm = { hung: [], wrong: [], statuses: {} }
  let next = seed
  const one = async (): Promise<void> => {
    while (next < seed + count) {
      const current = next++
      const request = malformed(seeded(current))
      const received = await sendOne(port, request, patienceMs)
      if (received === undefined) found.hung.push(current)
      else look(found, current, request, received)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return found
}

/** Sends it, closes its own side, and gives what came; `undefined` if the server does not close. */
function sendOne(port: number, request: string, patienceMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const finish = (hung: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(hung ? undefined : Buffer.concat(chunks))
    }
    const timer = setTimeout(finish, patienceMs, true)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => finish(false))
    socket.on('close', () => finish(false))
    socket.on('error', () => finish(false))
    socket.end(Buffer.from(request, 'latin1'))
  })
}

function look(found: Storm, seed: number, request: string, received: Buffer): void {
  const answers: (string | undefined)[] = []
  let first = 0
  for (let at = 0; at < received.length;) {
    // Whether an answer has a body goes by its request; a HEAD may be behind any of them.
    const message = readMessage(received, at, /^\s*HEAD /.test(request) ? 'HEAD' : 'GET', true)
    if (message === undefined || !/^HTTP\/1\.[01] \d{3}/.test(message.statusLine)) {
      // Behind a HEAD of a pipeline the bodies are not where we look for them.
      if (!request.includes('HEAD')) found.wrong.push(seed)
      break
    }
    if (message.status >= 200 || message.status === 101) answers.push(fieldOf(message, 'x-request'))
    first ||= message.status
    at = message.end
  }
  if (!isOnceEach(answers, request)) found.wrong.push(seed)
  const key = first === 0 ? 'cut' : String(first)
  found.statuses[key] = (found.statuses[key] ?? 0) + 1
}

/** Each request has one answer, with its number or, if Node itself gave it, without; the parser may have a last word. */
function isOnceEach(answers: readonly (string | undefined)[], request: string): boolean {
  const numbered = answers.filter((number) => number !== undefined)
  // Some servers take a line without a version for a request, too.
  const lines = Math.max(request.split(/HTTP\/\d/i).length, request.split('\r\n\r\n').length) - 1
  return new Set(numbered).size === numbered.length && answers.length <= lines + 1
}
