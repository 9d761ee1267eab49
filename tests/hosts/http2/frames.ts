/**
 * The frames of a connection of HTTP/2 (RFC 9113, section 4.1), as they came.
 *
 * @module
 */

const HEADER = 9
const types = ['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS', 'PUSH_PROMISE', 'PING', 'GOAWAY']
const DATA = 0
const RST_STREAM = 3

interface Frame {
  readonly type: number
  readonly stream: number
  readonly endStream: boolean
  readonly length: number
  /** The error code of a RST_STREAM. */
  readonly code: number | undefined
}

export class Frames {
  private rest: Buffer = Buffer.alloc(0)
  private readonly frames: Frame[] = []

  take(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes])
    while (this.rest.length >= HEADER) {
      const length = this.rest.readUIntBE(0, 3)
      if (this.rest.length < HEADER + length) return
      this.frames.push(read(this.rest, length))
      this.rest = this.rest.subarray(HEADER + length)
    }
  }

  /**
   * Those of a stream, a line each. DATA that follow each other are one: where one ends is the business of flow
   * control, not of who speaks. So is an empty one that only ends the stream.
   */
  of(stream: number | undefined): string[] {
    const lines: string[] = []
    let bytes = 0
    const flush = (end: boolean): void => {
      if (bytes > 0 || end) lines.push(`DATA ${bytes}${end ? ' END_STREAM' : ''}`)
      bytes = 0
    }
    for (const frame of this.frames.filter((each) => each.stream === stream)) {
      const name = types[frame.type]
      if (frame.type === DATA) {
        bytes += frame.length
        if (frame.endStream) flush(true)
      } else if (name !== undefined && ['HEADERS', 'RST_STREAM', 'PUSH_PROMISE'].includes(name)) {
        flush(false)
        lines.push(`${name}${frame.endStream ? ' END_STREAM' : ''}${frame.code === undefined ? '' : ` ${frame.code}`}`)
      }
    }
    flush(false)
    return lines
  }
}

function read(bytes: Buffer, length: number): Frame {
  const type = bytes.readUInt8(3)
  return {
    type,
    stream: bytes.readUInt32BE(5) & 0x7f_ff_ff_ff,
    endStream: type <= 1 && (bytes.readUInt8(4) & 1) === 1,
    length,
    code: type === RST_STREAM ? bytes.readUInt32BE(HEADER) : undefined,
  }
}
