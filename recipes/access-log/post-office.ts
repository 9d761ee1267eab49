/**
 * The Express app that is there already. It logs one thing, with the logger of its request.
 *
 * @module
 */
import { Readable } from 'node:stream'
import { contextOf } from '@outerware/core/node'
import express, { type Express } from 'express'
import type { Logged } from './access-log.ts'

/** Makes the app. */
export function postOffice(): Express {
  const app = express().set('env', 'test') // Express prints no stacks of its own
  app.disable('x-powered-by')

  app.get('/', (_req, res) => {
    res.type('text').send('The post office of Skerry. One boat a week.\n')
  })

  app.get('/letters/:name', (req, res) => {
    contextOf<Logged>(req)?.log.info({ name: req.params.name }, 'looked for letters')
    res.type('text').send(`There is nothing for ${req.params.name}.\n`)
  })

  // A parcel that never ends, for those who leave before it does.
  app.get('/parcel', (_req, res) => {
    const paper = Buffer.alloc(65_536, 'paper ')
    const parcel = new Readable({ read: () => void parcel.push(paper) })
    res.on('close', () => parcel.destroy())
    parcel.pipe(res.type('application/octet-stream'))
  })

  app.get('/flood', () => {
    throw new Error('The cellar is under water')
  })
  return app
}
