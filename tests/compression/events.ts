import express from 'express'
import { fromNode } from '@outerware/core/node'
import type { App } from '@outerware/core'

/** Apps of event streams that send the next event only when they are told that the last one has come. */
export interface EventApp {
  readonly app: App
  /** Sends the next event. */
  next(): void
  /** What was sent and told, in its order. */
  readonly log: string[]
}

/** So many events, and the end. */
export const EVENTS = 3

const eventOf = (count: number): string => `data: ${count}\n\n`
const type = 'text/event-stream'

/** The order in which all must happen. */
export const inOrder: readonly string[] = Array.from({ length: EVENTS }, (_, i) => [
  `sent ${i + 1}`,
  `told ${i + 1}`,
]).flat()

/** Sends the first event at once, each further one when `next()` is called, or `/next` asked for. */
function machine(): { log: string[]; next(): void; open(send: (event: string) => void, end: () => void): void } {
  const log: string[] = []
  let count = 0
  let send: (event: string) => void = () => {}
  let end = (): void => {}
  const sendNext = (): void => {
    if (count === EVENTS) return end()
    log.push(`sent ${++count}`)
    send(eventOf(count))
  }
  return {
    log,
    next() {
      log.push(`told ${count}`)
      sendNext()
    },
    open(givenSend, givenEnd) {
      send = givenSend
      end = givenEnd
      sendNext()
    },
  }
}

/** `/events`, `/next`, and an empty page at all other paths. */
export function fetchEvents(): EventApp {
  const { log, next, open } = machine()
  const app: App = ({ url }) => {
    if (url.endsWith('/next')) next()
    if (!url.endsWith('/events')) return new Response('', { headers: { 'content-type': 'text/html' } })
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const encoder = new TextEncoder()
        open(
          (event) => controller.enqueue(encoder.encode(event)),
          () => controller.close(),
        )
      },
    })
    return new Response(body, { headers: { 'content-type': type } })
  }
  return { app, log, next }
}

export function expressEvents(): EventApp {
  const { log, next, open } = machine()
  const app = express()
  app.get('/next', (_req, res) => {
    next()
    res.end()
  })
  app.get('/events', (_req, res) => {
    res.type(type)
    open(
      (event) => res.write(event),
      () => res.end(),
    )
  })
  // The page, and the icon that a browser asks for.
  app.use((_req, res) => void res.type('html').send(''))
  return { app: fromNode(app), log, next }
}
