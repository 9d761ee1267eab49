/**
 * A client of HTTP/2 that keeps the frames as they came, beside what Node's client makes of them.
 *
 * @module
 */
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { Frames } from './frames.ts'

/** What came on one stream, in order. */
export interface Exchange {
  readonly stream: ClientHttp2Stream
  readonly lines: string[]
  /** The bytes of the body, that far. */
  body(): Buffer
  /** When the stream has ended, however it did. */
  readonly closed: Promise<void>
  /** Waits until so many bytes of the body have come. */
  saw(bytes: number): Promise<void>
}

export class Client {
  readonly session: ClientHttp2Session
  readonly frames = new Frames()
  private readonly socket: Socket

  constructor(port: number, secure: boolean) {
    const address = { port, host: '127.0.0.1' }
    const tls = { rejectUnauthorized: false, ALPNProtocols: ['h2'], servername: 'site.test' }
    this.socket = secure ? connectTls({ ...address, ...tls }) : connectTcp(address)
    const tapped = tap(this.socket, (bytes) => this.frames.take(bytes))
    const url = `${secure ? 'https' : 'http'}://site.test`
    this.session = connect(url, { createConnection: () => tapped })
    this.session.on('error', () => {})
  }

  ask(fields: Record<string, string | string[]>, options: { endStream?: boolean } = {}): Exchange {
    const stream = this.session.request(fields, options)
    const lines: string[] = []
    const chunks: Buffer[] = []
    const looks = new Set<() => void>()
    let size = 0
    stream.on('headers', (headers) => lines.push(`interim ${describe(headers)}`))
    stream.on('response', (headers) => lines.push(`head ${describe(headers)}`))
    stream.on('trailers', (headers) => lines.push(`trailers ${describe(headers)}`))
    stream.on('aborted', () => lines.push('aborted'))
    stream.on('error', (error: NodeJS.ErrnoException) => lines.push(`error ${error.code}`))
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      for (const look of looks) look()
    })
    const body = (): Buffer => Buffer.concat(chunks)
    const saw = (bytes: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => void (size >= bytes && looks.delete(look) && resolve())
        looks.add(look)
        look()
      })
    const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()))
    return { stream, lines, body, closed, saw }
  }

  /** Leaves as a client does that crashed. */
  leave(): void {
    this.socket.destroy()
    this.session.destroy()
  }
}

/** The clock runs between two runs. */
function describe(headers: IncomingHttpHeaders): string {
  const fields = Object.entries(headers).map(([name, value]) => [name, name === 'date' ? '<now>' : value])
  return JSON.stringify(fields)
}

/** A stream over a socket that shows what comes. */
function tap(socket: Socket, take: (bytes: Buffer) => void): Duplex {
  const tapped = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, () => done()),
    final: (done) => void socket.end(() => done()),
    destroy(error, done) {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (chunk: Buffer) => {
    take(chunk)
    if (!tapped.push(chunk)) socket.pause()
  })
  socket.on('end', () => tapped.push(null))
  socket.on('error', () => void tapped.destroy())
  socket.on('close', () => void tapped.destroy())
  return tapped
}
