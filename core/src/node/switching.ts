/**
 * Fields of our own in a 101 that somebody else writes: a WebSocket library, a proxy.
 *
 *     accept ─▶ write, end ─▶ HTTP/1.1 101 … its fields, ours ─▶ socket
 *
 * @module
 */
import type { Duplex } from 'node:stream'

/**
 * Puts fields at the end of the 101 that is written next, in one piece or in several. Another answer, and what is no
 * answer at all, leaves as it is.
 *
 * @param list name, value, name, value
 */
export function addToHead(socket: Duplex, list: readonly string[]): void {
  const { write, end } = socket
  // A character for each byte.
  let seen = ''
  const release = (): string => {
    Object.assign(socket, { write, end })
    return withLines(seen, list)
  }
  socket.write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
    const done = [encoding, callback].filter(isFunction)
    seen += bytesOf(chunk, encoding)
    if (!isBegun(seen)) return Reflect.apply(write, socket, [release(), 'latin1', ...done])
    for (const call of done) process.nextTick(call)
    return true
  }
  socket.end = (chunk?: unknown, encoding?: unknown, callback?: unknown): Duplex => {
    const done = [chunk, encoding, callback].filter(isFunction)
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) seen += bytesOf(chunk, encoding)
    return Reflect.apply(end, socket, [release(), 'latin1', ...done])
  }
}

/** Tells whether more of the head of a 101 is to come. */
function isBegun(seen: string): boolean {
  return SWITCHES.startsWith(seen.slice(0, SWITCHES.length)) && !seen.includes('\r\n\r\n') && seen.length < 65_536
}

function withLines(seen: string, list: readonly string[]): string {
  const end = seen.indexOf('\r\n\r\n') + 2
  if (end < 2 || !seen.startsWith(SWITCHES)) return seen
  let lines = ''
  for (let i = 0; i < list.length; i += 2) lines += `${list[i]}: ${list[i + 1]}\r\n`
  return seen.slice(0, end) + lines + seen.slice(end)
}

const SWITCHES = 'HTTP/1.1 101'

function bytesOf(chunk: unknown, encoding: unknown): string {
  if (typeof chunk !== 'string') return Buffer.from(Object(chunk)).toString('latin1')
  return Buffer.from(chunk, isEncoding(encoding) ? encoding : undefined).toString('latin1')
}

function isEncoding(given: unknown): given is BufferEncoding {
  return typeof given === 'string' && Buffer.isEncoding(given)
}

function isFunction(given: unknown): given is () => void {
  return typeof given === 'function'
}
