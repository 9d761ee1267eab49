import type { App } from '@outerware/core'

/** A request for a path of `http://site.test`, a GET unless `init` says otherwise; `headers` come on top of it. */
export function get(path = '/', headers: Record<string, string> = {}, init: RequestInit = {}): Request {
  const request = new Request(new URL(path, 'http://site.test'), init)
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
  return request
}

/** The smallest app. */
export const hello: App = () => new Response('hello')

/** An app that keeps the requests it was given. */
export interface Recorder extends App {
  readonly requests: Request[]
}

export function record(answer: App = hello): Recorder {
  const requests: Request[] = []
  const app: App = (request, context) => {
    requests.push(request)
    return answer(request, context)
  }
  return Object.assign(app, { requests })
}
