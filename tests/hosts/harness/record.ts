/**
 * What an app saw, written down line by line, so that two runs can be laid side by side.
 *
 *     #1 app write: true
 *     #1 res finish: 200
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The record of one run; each request of the run has its number. */
export class AppRecord {
  readonly lines: string[] = []
  private requests = 0
  private readonly seenBy = new WeakMap<IncomingMessage, Seen>()
  private readonly gates = new Map<string, Gate>()
  private readonly waiting = new Set<() => void>()
  private readonly tasks: Promise<unknown>[] = []

  /** Begins the record of a request: the events of both its objects, from the first one on. */
  watch(req: IncomingMessage, res: ServerResponse): Seen {
    const number = ++this.requests
    const seen = new Seen((line) => this.add(`#${number} ${line}`))
    this.seenBy.set(req, seen)
    this.add(`#${number} req ${req.method} ${req.url}`)
    seen.watch(req, res)
    return seen
  }

  /** The record of a request that is being watched. */
  of(req: IncomingMessage): Seen {
    const seen = this.seenBy.get(req)
    if (seen === undefined) throw new Error(`nobody watches ${req.url}`)
    return seen
  }

  /** Writes down what belongs to no request. */
  add(line: string): void {
    this.lines.push(line)
    for (const look of this.waiting) look()
  }

  /** Waits until the record has a line that ends so. */
  saw(ending: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.lines.some((line) => line.endsWith(ending))) return
        this.waiting.delete(look)
        resolve()
      }
      this.waiting.add(look)
      look()
    })
  }

  /** A point where the app waits for the client: `await record.gate('more')`, and `record.open('more')` over there. */
  gate(name: string): Promise<void> {
    return this.gateOf(name).passed
  }

  open(name: string): void {
    this.gateOf(name).open()
  }

  /** Work of the app that may outlive the connection: the run waits for it. */
  task(work: Promise<unknown>): void {
    this.tasks.push(work.catch((error: unknown) => this.add(`task failed: ${describeError(error)}`)))
  }

  async settled(): Promise<void> {
    for (const gate of this.gates.values()) gate.open()
    for (let i = 0; i < this.tasks.length; i++) await this.tasks[i]
  }

  private gateOf(name: string): Gate {
    const found = this.gates.get(name) ?? makeGate()
    this.gates.set(name, found)
    return found
  }
}

/** The record of one request. */
export class Seen {
  private readonly write: (line: string) => void

  constructor(write: (line: string) => void) {
    this.write = write
  }

  /** Writes down what the app did or found. */
  note(what: string, value?: unknown): void {
    this.write(value === undefined ? `app ${what}` : `app ${what}: ${describe(value)}`)
  }

  /** Does something that may throw, and writes down how it went. */
  attempt(what: string, deed: () => unknown): void {
    try {
      const result = deed()
      // Some of Node's methods give their object, for chaining.
      this.note(what, typeof result === 'object' && result !== null ? 'done' : result)
    } catch (error) {
      this.note(what, describeError(error))
    }
  }

  /** A callback that writes down that it was called, and with what error. */
  callback(what: string): (error?: unknown) => void {
    return (error) => this.note(what, error ? describeError(error) : 'called')
  }

  /** All that a response tells about itself. */
  state(what: string, res: ServerResponse): void {
    const { headersSent, finished, writableEnded, writableFinished, writable, destroyed, statusCode, statusMessage } =
      res
    const flags = { headersSent, finished, writableEnded, writableFinished, writable, destroyed }
    const set = Object.entries(flags).flatMap(([name, on]) => (on ? [name] : []))
    this.note(what, `${statusCode} ${statusMessage} [${set.join(' ')}] ${describe(res.getHeaders())}`)
  }

  watch(req: IncomingMessage, res: ServerResponse): void {
    for (const event of ['aborted', 'end', 'close'] as const) req.on(event, () => this.write(`req ${event}`))
    req.on('error', (error) => this.write(`req error: ${describeError(error)}`))
    res.on('error', (error) => this.write(`res error: ${describeError(error)}`))
    res.on('finish', () => this.write(`res finish: ${res.statusCode} headersSent=${res.headersSent}`))
    res.on('close', () => {
      this.write(`res close: writableFinished=${res.writableFinished} destroyed=${res.destroyed}`)
    })
  }
}

interface Gate {
  readonly passed: Promise<void>
  open(): void
}

function makeGate(): Gate {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

function describe(value: unknown): string {
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString('latin1')}>`
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}

/** By name, code and message: errors of Node's own come from another realm here. */
export function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `threw ${String(error)}`
  const { name, code, message } = Object.assign({ name: '', code: '', message: '' }, pick(error))
  return `${name} ${code} ${message.split('\n')[0]}`
}

function pick(error: object): { name?: string; code?: string; message?: string } {
  const text = (key: string): Record<string, string> => {
    const value: unknown = Reflect.get(error, key)
    return value === undefined ? {} : { [key]: String(value) }
  }
  return { ...text('name'), ...text('code'), ...text('message') }
}
