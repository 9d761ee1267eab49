/**
 * One request through an App on a host that speaks Fetch itself.
 *
 * @module
 */
import { isPromise } from '../after.ts'
import type { App } from '../app.ts'
import { dress, plainPage } from '../error-answer.ts'
import { noResponse } from '../no-response.ts'
import { isOwnResponse } from '../own/shapes.ts'
import { WebContext, type WebHost } from './context.ts'
import { finishing } from './finish.ts'

/** Runs the app; an exception becomes a plain 500. */
export function handle(app: App, request: Request, host: WebHost): Response | Promise<Response> {
  const context = new WebContext(host, request.headers.get('upgrade'))
  const send = (response: Response): Response => {
    try {
      return finishing(toPlatform(response), context)
    } catch (error) {
      return refuse(error)
    }
  }
  const refuse = (error: unknown): Response => {
    context.fail(error)
    return finishing(toPlatform(dress(plainPage(500), context)), context)
  }
  try {
    const response = app(request, context)
    return isPromise(response) ? response.then(send, refuse) : send(response)
  } catch (error) {
    return refuse(error)
  }
}

/** The platform's own Response: our light one passes for it, but is none inside. */
function toPlatform(response: Response): Response {
  if (typeof response !== 'object' || response === null || !('headers' in response)) {
    throw noResponse(response)
  }
  if (!isOwnResponse(response)) return checked(response)
  const { wholeBody, status, statusText, headers } = response
  if (wholeBody === undefined || wholeBody === null) return response.native
  const body = typeof wholeBody === 'string' ? wholeBody : new Uint8Array(wholeBody)
  return new Response(body, { status, statusText, headers })
}

/** What has fields but nothing to read is none either; a lazy response says by its body what is wrong with it. */
function checked(response: Response): Response {
  if ('arrayBuffer' in response) return response
  const { body } = Object(response)
  throw new TypeError(`An app must give a Response, got an object with the body ${typeof body}`)
}
