import type { App } from '@outerware/core'

/** A GET of a path of `http://site.test`. */
export function get(path = '/', headers: Record<string, string> = {}, init: RequestInit = {}): Request {
  return new Request(new URL(path, 'http://site.test'), { ...init, headers })
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
