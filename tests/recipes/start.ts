/** Starts an app of a recipe on a free port; it stops when the tests of the file are done. */
import { afterAll } from '@jest/globals'
import type { App } from '@outerware/core'
import { serve, type Running } from '@outerware/core/node'
import { Visitor, type Answer, type Ask } from './visitor.ts'

const started: Running[] = []
afterAll(() => Promise.all(started.map((running) => running.stop())))

/** Asks for a path, as somebody who has never been there. */
export interface Asks {
  (path: string, ask?: Ask): Promise<Answer>
  readonly running: Running
}

/** A server that is there before its app: a site and its provider must know where the other one is. */
export async function later(): Promise<{ readonly running: Running; use(app: App): void }> {
  let inner: App | undefined
  const { running } = await start((request, context) => inner!(request, context))
  return { running, use: (app) => void (inner = app) }
}

export async function start(app: App): Promise<Asks> {
  const onError = (error: unknown): void => console.error(error)
  const running = await serve(app, { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100, onError })
  started.push(running)
  return Object.assign((path: string, ask: Ask = {}) => new Visitor().ask(running.url + path, ask), { running })
}
