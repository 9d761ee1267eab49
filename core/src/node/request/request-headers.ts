/**
 * The request's fields, read as the app inside reads them, and written through to the real `req`.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { checkField, OwnHeaders, sameName, type Field } from '../../own/headers.ts'
import { isHttp2 } from '../http2.ts'
import { rawHeadersChanged } from '../internals.ts'
import { setAuthority } from './line.ts'

/**
 * A view over `req.headers`. A change reaches `req.headers`, `req.rawHeaders` and `req.headersDistinct` at once,
 * so that no old value survives in one of them.
 */
export class RequestHeaders extends OwnHeaders {
  private readonly req: IncomingMessage

  constructor(req: IncomingMessage) {
    super()
    this.req = req
  }

  get(name: string): string | null {
    const { headers } = this.req
    // Most fields that are asked for are spelt as Node keeps them, and are not there: those cost one look.
    const key = hasCapital(name) ? name.toLowerCase() : name
    const value = headers[key] ?? (key === 'host' ? headers[':authority'] : undefined)
    if (value === undefined) return null
    // Nothing but a text or a list is a field: every object has a `constructor`.
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.join(', ') : null
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  hasSome(names: ReadonlySet<string>): boolean {
    const { headers } = this.req
    for (const name in headers) if (names.has(name) && this.has(name)) return true
    return false
  }

  set(name: string, value: string): void {
    const checked = checkField(name, value)
    const { headers, rawHeaders } = this.req
    const key = name.toLowerCase()
    // Under both names: apps and frameworks go by the one or the other.
    if (key === 'host') setAuthority(this.req, checked)
    headers[key] = checked
    const first = indexOf(rawHeaders, name, 0)
    if (first === -1) rawHeaders.push(name, checked)
    else {
      rawHeaders[first + 1] = checked
      removeAll(rawHeaders, name, first + 2)
    }
    rawHeadersChanged(this.req)
  }

  append(name: string, value: string): void {
    const before = this.get(name)
    const separator = sameName(name, 'cookie') ? '; ' : ', '
    this.set(name, before === null ? value : `${before}${separator}${value}`)
  }

  delete(name: string): void {
    const { headers, rawHeaders } = this.req
    const key = name.toLowerCase()
    if (key === 'host' && headers[':authority'] !== undefined) this.delete(':authority')
    if (headers[key] === undefined) return
    delete headers[key]
    removeAll(rawHeaders, name, 0)
    rawHeadersChanged(this.req)
  }

  getSetCookie(): string[] {
    return this.req.headers['set-cookie']?.slice() ?? []
  }

  protected fields(): Field[] {
    const list: Field[] = []
    const { headers } = this.req
    if (headers.host === undefined && isHttp2(this.req) && this.has('host')) list.push(['host', this.get('host') ?? ''])
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined || name.startsWith(':')) continue
      if (typeof value === 'string') list.push([name, value])
      else for (const one of value) list.push([name, one])
    }
    return list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }
}

/** As of a token; what else is capital is in no field's name. */
function hasCapital(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code <= 90 && code >= 65) return true
  }
  return false
}

/** Puts other fields in the place of a request's own, in `headers` and `rawHeaders`. */
export function replaceHeaders(req: IncomingMessage, fields: Iterable<readonly [string, string]>): void {
  const { headers, rawHeaders } = req
  const hadHost = headers.host !== undefined
  for (const name of Object.keys(headers)) if (!name.startsWith(':')) delete headers[name]
  // The pseudo-header fields of HTTP/2 are its request line, and come first.
  const line = rawHeaders.findIndex((name, i) => i % 2 === 0 && !name.startsWith(':'))
  rawHeaders.length = line === -1 ? rawHeaders.length : line
  for (const [name, value] of fields) {
    // One that was only `:authority`, and is so still.
    if (name === 'host' && !hadHost && headers[':authority'] === value) continue
    if (name === 'host') setAuthority(req, value)
    rawHeaders.push(name, value)
    if (name === 'set-cookie') (headers[name] ??= []).push(value)
    else headers[name] = value
  }
  rawHeadersChanged(req)
}

function removeAll(rawHeaders: string[], name: string, from: number): void {
  // After a cut the next field stands in the same place.
  for (let at = indexOf(rawHeaders, name, from); at !== -1; at = indexOf(rawHeaders, name, at)) rawHeaders.splice(at, 2)
}

function indexOf(rawHeaders: readonly string[], name: string, from: number): number {
  for (let i = from; i < rawHeaders.length; i += 2) if (sameName(rawHeaders[i]!, name)) return i
  return -1
}
