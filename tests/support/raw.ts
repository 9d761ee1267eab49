import { connect } from 'node:net'

/** What came back over one connection. */
export interface Exchange {
  readonly bytes: Buffer
  /** The bytes as latin1, one character each. */
  readonly text: string
  /** How the connection ended. */
  readonly end: 'fin' | 'reset' | 'timeout'
}

/**
 * Sends bytes over a raw socket and reads until the server closes.
 *
 * @param port of loopback, or the path of a Unix socket
 * @param bytes one text, or several that are sent one after the other, `pauseMs` apart
 * @param options `timeoutMs`: when it leaves a server that does not close; long, for machines that are busy
 */
export function exchange(
  port: number | string,
  bytes: string | Uint8Array | readonly (string | Uint8Array)[],
  { timeoutMs = 30_000, pauseMs = 20 }: { timeoutMs?: number; pauseMs?: number } = {},
): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const place = typeof port === 'string' ? { path: port } : { port, host: '127.0.0.1' }
    const socket = connect({ ...place, allowHalfOpen: true })
    const finish = (end: Exchange['end']): void => {
      clearTimeout(timer)
      socket.destroy()
      const whole = Buffer.concat(chunks)
      resolve({ bytes: whole, text: whole.toString('latin1'), end })
    }
    const timer = setTimeout(finish, timeoutMs, 'timeout')
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => finish('fin'))
    socket.on('error', () => finish('reset'))
    const parts = typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes
    parts.forEach((part, i) =>
      setTimeout(() => {
        if (!socket.destroyed) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
      }, i * pauseMs),
    )
  })
}
