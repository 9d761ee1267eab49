/**
 * The app: pilots of the sound. It makes one span of its own, which finds its place by itself.
 *
 * @module
 */
import type { Tracer } from '@opentelemetry/api'
import { pathOf, respond, type App } from '@outerware/core'

const names = ['Ingrid Solheim', 'Tómas Ó Briain', 'Mairi Rowan']

/** Makes the app. */
export function pilots(tracer: Tracer): App {
  return async (request) => {
    const number = /^\/pilots\/(\d+)$/.exec(pathOf(request) ?? '')?.[1]
    if (number === undefined) return respond('Ask for /pilots/1\n', { status: 404 })
    if (number === '13') throw new Error('Nobody takes that number')
    const name = await tracer.startActiveSpan('look for a pilot', async (span) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      span.setAttribute('pilot', Number(number)).end()
      return names[Number(number) - 1]
    })
    return name === undefined ? respond('At sea\n', { status: 404 }) : respond(`${name}\n`)
  }
}
