/**
 * Asks real servers, over real sockets, and looks whether the concern has covered their answer.
 *
 * @module
 */
import { connect } from 'node:net'
import { FIELD } from './concern.ts'

/** Something that can be asked. */
export interface Question {
  readonly name: string
  /** The bytes to send. */
  readonly bytes: string
}

/** What came back. */
export interface Finding {
  /** `undefined` if there was no answer. */
  readonly status: number | undefined
  readonly covered: boolean
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`

/** From what every app answers itself to what no app ever hears of. */
export const questions: readonly Question[] = [
  { name: 'A page of a view', bytes: get('/lights/skerry') },
  { name: 'A path that nobody has', bytes: get('/nowhere') },
  { name: 'A view that throws', bytes: get('/boom') },
  { name: 'A path with a bad escape', bytes: get('/lights/%zz') },
  { name: 'A file in front of the app', bytes: get('/favicon.svg') },
  { name: 'A switch of protocols', bytes: get('/echo', 'Connection: Upgrade\r\nUpgrade: echo\r\n') },
  { name: 'Bytes that are no HTTP', bytes: 'what is this\r\n\r\n' },
]

/** Asks one question, on a connection of its own, and hangs up when the head has come. */
export function probe(port: number, { bytes }: Question): Promise<Finding> {
  return new Promise((resolve) => {
    let head = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const settle = (): void => {
      socket.destroy()
      const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
      const [fields = ''] = head.split('\r\n\r\n')
      resolve({ status: status === undefined ? undefined : Number(status), covered: fields.includes(`\r\n${FIELD}:`) })
    }
    socket.setEncoding('latin1').on('data', (chunk) => {
      head += String(chunk)
      if (head.includes('\r\n\r\n')) settle()
    })
    socket.on('end', settle).on('error', settle).setTimeout(10_000, settle)
  })
}
