/**
 * The plugin that is there already: the logbook of the lighthouse, with a schema for what goes in.
 *
 * @module
 */
import type { FastifyPluginCallback } from 'fastify'

interface Entry {
  readonly text: string
  readonly wind: number
}

const schema = {
  body: {
    type: 'object',
    required: ['text', 'wind'],
    properties: {
      text: { type: 'string', minLength: 1, maxLength: 500 },
      wind: { type: 'integer', minimum: 0, maximum: 12 },
    },
  },
}

export const logbook: FastifyPluginCallback = (app, _options, done) => {
  const entries: Entry[] = Array.from({ length: 60 }, (_, i) => ({
    text: `Night ${i + 1}. The lamp burned.`,
    wind: i % 9,
  }))

  app.get('/entries', () => entries)

  app.get<{ Params: { night: string } }>('/entries/:night', ({ params }, reply) => {
    const entry = entries[Number(params.night) - 1]
    return entry ?? reply.callNotFound()
  })

  app.post<{ Body: Entry }>('/entries', { schema }, ({ body }, reply) => {
    entries.push(body)
    return reply.code(201).header('location', `/entries/${entries.length}`).send(body)
  })

  app.get('/fault', () => {
    throw new Error('The ink has frozen')
  })
  done()
}
