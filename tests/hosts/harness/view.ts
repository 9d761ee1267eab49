/**
 * Two runs side by side. Nothing is made equal but what must differ, and each of those has its reason here.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { fieldOf, readMessage, type Message } from './message.ts'
import type { Kind } from './kind.ts'
import type { Connection, Observation } from './run.ts'

/** What is compared: lines, so that a difference reads well. */
export interface View {
  readonly wire: readonly string[]
  readonly record: readonly string[]
  readonly trouble: string | undefined
}

/** How closely two runs are compared. */
export interface Closeness {
  /** `bytes`: each of them. `meaning`: what a client makes of them. */
  readonly wire: 'bytes' | 'meaning'
  /**
   * `all`: every line in its place. `answer`: what app and res did in their one order, and what req did in its own: an
   * app that answers in a later turn is one microtask away from its onion, and req closes of itself meanwhile. `each`:
   * the order within each of app, req and res, for a wrapping that moves the moment when the head leaves. `ends`: only
   * how requests and responses ended, for one that makes another body, so that Node counts other chunks.
   */
  readonly record: 'all' | 'answer' | 'each' | 'ends'
  /** A field that a wrapper of the wrapping has put on each response. */
  readonly added?: string | undefined
}

export function viewOf(observation: Observation, kind: Kind, { wire, record, added }: Closeness): View {
  const read = wire === 'bytes' ? bytesOf : meaningOf
  return {
    wire: observation.connections.flatMap((connection) => [
      ...read(connection, added),
      kind.eitherEnding && connection.ending === 'reset' ? '[fin]' : `[${connection.ending}]`,
    ]),
    record: arrange(observation.record, record, kind.unordered !== undefined)
      .filter((line) => !kind.forgives?.lines.test(line))
      .map((line) => (added ? line.replace(asSeen(added), '') : line)),
    trouble: observation.trouble,
  }
}

/**
 * How often the field came, and how often it must have: on each answer that the app finished and each 101, and on no
 * more heads than there are. (What Node answers by itself, or the app by hand, has passed no wrapper.)
 */
export function timesAdded(
  { connections, record }: Observation,
  field: string,
): Record<'came' | 'least' | 'most', number> {
  const texts = connections.map(({ received }) => received.toString('latin1'))
  const count = (pattern: RegExp): number => texts.reduce((sum, text) => sum + [...text.matchAll(pattern)].length, 0)
  const finished = record.filter((line) => / res finish:/.test(line)).length
  return {
    came: count(new RegExp(`^${field}\\r$`, 'gm')),
    least: finished + count(/HTTP\/1\.1 101 /g),
    most: count(/HTTP\/1\.[01] (101|[2-9]\d\d) /g),
  }
}

/** The field as the app finds it in its own `res.getHeaders()`: by design, what a wrapper adds is really there. */
function asSeen(field: string): RegExp {
  const [name, value] = field.split(': ')
  return new RegExp(`,?"${name}":"${value}"`)
}

/** The clock runs between two runs. That the field is there, where, and in its form, is compared. */
const date = /^Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

function bytesOf({ received }: Connection, added: string | undefined): string[] {
  const lines = received.toString('latin1').split('\r\n')
  return lines.filter((line) => line !== added).map((line) => (date.test(line) ? 'Date: <now>' : shorten(line)))
}

/** Long lines by their digest, so that a difference of three megabytes can be read. */
function shorten(line: string): string {
  if (line.length <= 400) return line
  const digest = createHash('sha256').update(line, 'latin1').digest('hex').slice(0, 16)
  return `${line.slice(0, 60)}… (${line.length} characters, ${digest})`
}

/** Framing, order and case of names are the server's own business where a wrapper makes another Response. */
const framing = new Set(['transfer-encoding', 'content-length', 'connection', 'keep-alive', 'date'])

function meaningOf({ received, methods, ending }: Connection): string[] {
  const lines: string[] = []
  let answered = 0
  for (let at = 0; at < received.length;) {
    const message = readMessage(received, at, methods[answered] ?? 'GET', ending !== 'open')
    if (message === undefined) return [...lines, shorten(received.toString('latin1', at))]
    if (message.status >= 200) answered++
    lines.push(...linesOf(message))
    at = message.end
  }
  return lines
}

function linesOf(message: Message): string[] {
  const names = new Set(message.fields.map(([name]) => name.toLowerCase()))
  const fields = [...names].filter((name) => !framing.has(name)).sort()
  return [
    message.statusLine,
    ...fields.map((name) => `${name}: ${fieldOf(message, name)}`),
    `closes: ${fieldOf(message, 'connection') === 'close'}`,
    shorten(message.body.toString('latin1')),
    ...message.trailers.map(([name, value]) => `trailer ${name.toLowerCase()}: ${value}`),
    message.complete ? '[whole]' : '[cut]',
  ]
}

function arrange(lines: readonly string[], order: Closeness['record'], asSet: boolean): string[] {
  if (order === 'all') return [...lines]
  const kept = order === 'ends' ? lines.filter((line) => /^#\d+ (req|res) |^server/.test(line)) : lines
  const gone = new Set(lines.flatMap((line) => /^(#\d+) req aborted/.exec(line)?.[1] ?? []))
  // A stable sort by "#1 res": the order within each stays.
  const key = (line: string): string => {
    const [number, who] = line.split(' ', 2)
    return order === 'answer' && who === 'app' ? `${number} res` : `${number} ${who}`
  }
  // Whether what was said to nobody counts as finished depends on who said it, and the status is on the wire.
  const told = (line: string): string => {
    if (order !== 'ends') return line
    const left = gone.has(line.split(' ', 1)[0] ?? '')
    return left ? line.replace(/writableFinished=\w+ /, '') : line.replace(/res finish: \d+/, 'res finish')
  }
  if (asSet) return kept.map(told).toSorted()
  return kept.map(told).toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
