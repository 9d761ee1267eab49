/**
 * A request that a wrapper has changed reaches the app inside: the real `req` is made to say the same.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { Derivation } from '../../own/shapes.ts'
import { setMethod, setTarget } from './line.ts'
import { NodeRequest } from './request.ts'
import { RequestHeaders, replaceHeaders } from './request-headers.ts'
import { hostOf, targetOf, urlOf } from './target.ts'

/** Makes the real `req` say what the request says that a wrapper has passed inward. */
export function applyRequest(request: Request, req: IncomingMessage): void {
  if (!(request instanceof NodeRequest)) return applyNative(request, req)
  if (request.derivation !== undefined) applyDerivation(request.derivation, req)
}

function applyDerivation({ method, url, headers }: Derivation, req: IncomingMessage): void {
  if (method !== undefined) setMethod(req, method)
  if (headers !== undefined && !(headers instanceof RequestHeaders)) replaceHeaders(req, headers)
  if (url === undefined || url === urlOf(req)) return
  setTarget(req, targetOf(url))
  const own = new RequestHeaders(req)
  if (own.has('host')) own.set('host', hostOf(url))
}

/** Of a native Request, made by a wrapper, method, url and fields count; the body stays that of `req`. */
function applyNative(request: Request, req: IncomingMessage): void {
  setMethod(req, request.method)
  const own = new RequestHeaders(req)
  const fields = [...request.headers]
  if (fields.length !== [...own].length || fields.some(([name, value]) => own.get(name) !== value)) {
    replaceHeaders(req, fields)
  }
  if (request.url !== urlOf(req)) setTarget(req, targetOf(request.url))
}
