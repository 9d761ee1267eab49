import type { App, Context } from '@outerware/core'
import { get, testContext, type TestContext } from '../support/index.ts'

/** What came out of a site, read to its end. */
export interface Answered {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly context: TestContext
}

/** Asks an app for a path, by GET unless `init` says otherwise. */
export async function ask(app: App, path = '/', init: RequestInit = {}): Promise<Answered> {
  const context = testContext()
  const response = await app(get(path, {}, init), context)
  return { status: response.status, text: await response.text(), headers: response.headers, context }
}

/** A view that answers with a text. */
export const says =
  (text: string): App =>
  () =>
    new Response(text)

/** A view that answers with what it finds on the context. */
export const shows = (_request: Request, context: Context): Response =>
  Response.json({ params: Reflect.get(context, 'params'), route: Reflect.get(context, 'route') })

/** Reports, kept. */
export function reports(): { told: unknown[]; report: (error: unknown) => void } {
  const told: unknown[] = []
  return { told, report: (error) => void told.push(error) }
}

/** The message of a thing that was thrown. */
export const messageOf = (error: unknown): string => String(Reflect.get(Object(error), 'message'))
