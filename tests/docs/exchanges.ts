/**
 * Blocks of HTTP. A request, a blank line, and its answer; or two of them side by side, that of the bare app on the
 * left, and on the right that of the same app with what the page is about around it:
 *
 *     GET /old HTTP/1.1
 *
 *     HTTP/1.1 302 Found                    HTTP/1.1 302 Found
 *     X-Powered-By: Express                 Location: /new
 *     Location: /new                        x-content-type-options: nosniff
 *
 * Of a head some fields are shown, of a body everything.
 */
import type { Block } from './pages.ts'
import { areShown, missingOf } from './shown.ts'

export interface Message {
  readonly head: readonly string[]
  readonly body: readonly string[]
}

export interface Shown {
  readonly request: Message
  /** The answer of the bare app, where there are two. */
  readonly before: Message | undefined
  readonly after: Message
}

/** The exchanges of a block. */
export function exchangesOf({ code, page, line }: Block): readonly Shown[] {
  const parts = code.split(/^(?=[A-Z]+ \S+ HTTP\/1\.1$)/m)
  return parts.map((part) => {
    const at = part.search(/^HTTP\//m)
    if (!/^[A-Z]+ /.test(part) || at <= 0) throw new Error(`${page}:${line} shows no request and its answer`)
    const request = messageOf(part.slice(0, at).trim().split('\n'))
    const lines = part.slice(at).trimEnd().split('\n')
    const column = lines[0]!.indexOf('HTTP/', 1)
    if (column === -1) return { request, before: undefined, after: messageOf(lines) }
    const left = lines.map((text) => text.slice(0, column).trimEnd())
    const right = lines.map((text) => text.slice(column).trimEnd())
    const end = lines.indexOf('')
    return { request, before: cell(left, end), after: cell(right, end) }
  })
}

/** One of two columns: where the other one is longer there are gaps. */
function cell(lines: readonly string[], end: number): Message {
  const head = end === -1 ? lines : lines.slice(0, end)
  return { head: head.filter((line) => line !== ''), body: end === -1 ? [] : lines.slice(end + 1) }
}

function messageOf(lines: readonly string[]): Message {
  const end = lines.indexOf('')
  return end === -1 ? { head: lines, body: [] } : { head: lines.slice(0, end), body: lines.slice(end + 1) }
}

/** The bytes of a request. What a page leaves out of it (`…`) is some letter; what it need not say is said for it. */
export function bytesOf({ head, body }: Message): string {
  const content = body.join('\n')
  const [first, ...fields] = head.map((line) => line.replaceAll('…', 'x'))
  const has = (name: string): boolean => fields.some((field) => field.toLowerCase().startsWith(`${name}:`))
  const more = [
    ...(has('host') ? [] : ['Host: site.example']),
    `Content-Length: ${Buffer.byteLength(content)}`,
    'Connection: close',
  ]
  return `${[first, ...fields, ...more].join('\r\n')}\r\n\r\n${content}`
}

/** What of an answer is not as it is shown: empty, if all is. */
export function differences(shown: Message, real: string): string[] {
  const [head = '', body = ''] = split(real)
  const lines = head.split('\r\n')
  const missing = missingOf(shown.head, lines)
  const isWhole = shown.body.length === 0 || areShown(shown.body, body.trimEnd().split('\n'))
  return missing.length === 0 && isWhole ? [] : [...missing, `In truth it is\n${head}\n\n${isWhole ? '' : body}`]
}

/** Fields that are shown on one side only, as if the other had none, and yet are on that one too. */
export function onBothSides({ before, after }: Shown, realBefore: string, realAfter: string): string[] {
  if (before === undefined) return []
  const [left, right] = [namesOf(before.head), namesOf(after.head)]
  const [bare, wrapped] = [namesOf(split(realBefore)[0]!.split('\r\n')), namesOf(split(realAfter)[0]!.split('\r\n'))]
  const wronglyRight = right.filter((name) => !left.includes(name) && bare.includes(name))
  const wronglyLeft = left.filter((name) => !right.includes(name) && wrapped.includes(name))
  return [...wronglyLeft, ...wronglyRight]
}

function namesOf(head: readonly string[]): string[] {
  return head.slice(1).map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
}

function split(real: string): string[] {
  const at = real.indexOf('\r\n\r\n')
  return [real.slice(0, at), real.slice(at + 4)]
}
