/**
 * A client that hides nothing: what it sends are the bytes it is given, what it keeps are the bytes that came.
 *
 * @module
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { readMessage, type Message } from './message.ts'

/** How the server's side of a connection ended; `open` until it does. */
export type Ending = 'open' | 'fin' | 'reset'

export class Wire {
  ending: Ending = 'open'
  /** The method of each request whose response has been read, in order. */
  readonly methods: string[] = []
  private readonly socket: Socket
  /** The connection itself: only that can be reset. */
  private readonly tcp: Socket
  private bytes: Buffer = Buffer.alloc(65_536)
  private size = 0
  /** Where the next response begins. */
  private at = 0
  private readonly waiting = new Set<() => void>()

  constructor(port: number, secure = false) {
    const address = { port, host: '127.0.0.1', allowHalfOpen: true }
    this.tcp = connect(address)
    this.socket = secure ? connectTls({ ...address, socket: this.tcp, rejectUnauthorized: false }) : this.tcp
    this.socket.on('data', (chunk) => this.take(chunk))
    this.socket.on('end', () => this.finish('fin'))
    // A reset, or a write to a server that has closed already: both are "gone" to a client.
    this.socket.on('error', () => this.finish('reset'))
  }

  /** Waits until the connection stands; over TLS, until it is secure. */
  async opened(): Promise<void> {
    if (this.socket.connecting || 'encrypted' in this.socket) {
      await once(this.socket, 'encrypted' in this.socket ? 'secureConnect' : 'connect')
    }
  }

  /** Changes as long as something moves. */
  get progress(): string {
    return `${this.size} ${this.socket.bytesWritten} ${this.socket.writableLength} ${this.ending}`
  }

  /** Everything that came. */
  get received(): Buffer {
    return this.bytes.subarray(0, this.size)
  }

  send(...parts: (string | Uint8Array)[]): void {
    for (const part of parts) {
      if (this.socket.writable) this.socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
    }
  }

  /** Sends, and waits until the bytes have left this process. */
  sent(part: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part, () => resolve())
    })
  }

  /** Reads a whole response, any 1xx before it included, and gives it. */
  async response(method = 'GET'): Promise<Message> {
    for (;;) {
      const message = await this.until(`a whole response to ${method}`, () => this.nextMessage(method))
      if (message.status < 200 && message.status !== 101) continue
      this.methods.push(method)
      return message
    }
  }

  /** Reads the next head, be it a 1xx; for a head whose body is not awaited, see {@link Wire.saw}. */
  interim(): Promise<Message> {
    return this.until('an interim response', () => this.nextMessage('HEAD'))
  }

  /** Waits until the text has come. */
  saw(text: string): Promise<true> {
    return this.until(JSON.stringify(text), () => this.received.includes(text, 0, 'latin1') || undefined)
  }

  /** Waits until that many bytes have come in all. */
  sawBytes(count: number): Promise<true> {
    return this.until(`${count} bytes`, () => this.size >= count || undefined)
  }

  /** Waits until the server has closed. */
  closed(): Promise<true> {
    return this.until('the end', () => this.ending !== 'open' || undefined)
  }

  /** Closes the sending side only. */
  end(): void {
    this.socket.end()
  }

  /** Leaves as a browser does whose tab is closed. */
  leave(): void {
    this.socket.destroy()
  }

  /** Leaves with a RST, as a client does that crashed. */
  reset(): void {
    this.tcp.resetAndDestroy()
  }

  /** Stops reading, so that the server's writes back up. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  private nextMessage(method: string): Message | undefined {
    const message = readMessage(this.received, this.at, method, this.ending !== 'open')
    if (!message?.complete) return undefined
    this.at = message.end
    return message
  }

  private until<T>(wanted: string, check: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = check()
        if (found === undefined && this.ending === 'open') return
        this.waiting.delete(look)
        if (found !== undefined) resolve(found)
        else reject(new Error(`the connection ended (${this.ending}) before ${wanted}`))
      }
      this.waiting.add(look)
      look()
    })
  }

  private take(chunk: Buffer): void {
    if (this.size + chunk.length > this.bytes.length) {
      const grown = Buffer.alloc((this.size + chunk.length) * 2)
      this.bytes.copy(grown, 0, 0, this.size)
      this.bytes = grown
    }
    chunk.copy(this.bytes, this.size)
    this.size += chunk.length
    this.wake()
  }

  private finish(ending: Ending): void {
    if (this.ending === 'open') this.ending = ending
    this.wake()
  }

  private wake(): void {
    for (const look of this.waiting) look()
  }
}
