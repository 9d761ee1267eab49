/**
 * Whether Node's internals are what we take them for: asked once, of a response for nobody.
 *
 * Where one is missing or does something else (Bun's `node:http`, a Node to come), the bridge runs in its safe mode.
 * `OUTERWARE_SAFE_MODE=1` in the environment asks for that mode; it is there for tests.
 *
 * @module
 */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { HELD, internals, setStore, statusInHead, storeIsMade } from '../internals.ts'

let fit: boolean | undefined

/** Tells whether a response of HTTP/1 can be held by Node's own fields. */
export function internalsAreFit(): boolean {
  return (fit ??= process.env['OUTERWARE_SAFE_MODE'] !== '1' && passesSelfTest())
}

/** Asks anew. */
export function passesSelfTest(): boolean {
  return checks.every(passes)
}

type Check = (res: ServerResponse) => boolean

/** Each on a response of its own. */
const checks: readonly Check[] = [
  // A placeholder in `_header` is a head that was sent, in Node's own words.
  (res) => {
    const inner = internals(res)
    if (inner._header !== null || res.headersSent) return false
    inner._header = HELD
    if (!res.headersSent || !refusesFields(res)) return false
    inner._header = null
    res.setHeader('X-A', '1')
    return !res.headersSent && statusInHead(res) === null && inner.getRawHeaderNames()[0] === 'X-A'
  },
  // `_contentLength` frames an answer whose head is made now, and the head is where we read the status.
  (res) => {
    internals(res)._contentLength = 5
    res.writeHead(299)
    return statusInHead(res) === 299 && internals(res)._header?.includes('\r\nContent-Length: 5\r\n') === true
  },
  // What was removed by hand can be forgotten.
  (res) => {
    const inner = internals(res)
    for (const name of ['content-length', 'transfer-encoding', 'connection']) res.removeHeader(name)
    if (!inner._removedContLen || !inner._removedTE || !inner._removedConnection) return false
    inner._removedContLen = inner._removedTE = inner._removedConnection = false
    inner._contentLength = 5
    res.writeHead(200)
    return /^connection:/im.test(inner._header ?? '') && /^content-length: 5/im.test(inner._header ?? '')
  },
  // A field makes the store, and none is made before.
  (res) => {
    if (storeIsMade(res)) return false
    res.setHeader('x', '1')
    return storeIsMade(res)
  },
  // One that is made beforehand goes out as it is, in its order and case.
  (res) => {
    setStore(res, { x: ['X-B', '1'], a: ['a', '2'] })
    res.writeHead(200)
    return internals(res)._header?.startsWith('HTTP/1.1 200 OK\r\nX-B: 1\r\na: 2\r\n') === true
  },
  // An implicit head goes through `writeHead`, where middleware sits.
  (res) => {
    let said = 0
    res.writeHead = (status: number) => {
      said = status
      return res
    }
    internals(res)._implicitHeader()
    return said === 200
  },
  // These are plain fields, that say what was said and can be set.
  (res) => {
    const inner = internals(res)
    if (inner.finished || inner.destroyed || !inner._hasBody) return false
    inner.finished = inner.destroyed = true
    return res.writableEnded && res.destroyed
  },
  // A connection knows the response that is being written on it.
  (res) => {
    const socket = new Socket()
    res.assignSocket(socket)
    const known = '_httpMessage' in socket && socket._httpMessage === res
    res.detachSocket(socket)
    return known
  },
]

function passes(check: Check): boolean {
  try {
    const req = new IncomingMessage(new Socket())
    return check(new ServerResponse(Object.assign(req, { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 })))
  } catch {
    return false
  }
}

function refusesFields(res: ServerResponse): boolean {
  try {
    res.setHeader('x', '1')
    return false
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_HTTP_HEADERS_SENT'
  }
}
