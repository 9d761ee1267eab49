/**
 * Starts the site on this machine, with its log on standard output.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import pino from 'pino'
import { loggedSite } from './app.ts'

const logger = pino()
const { url } = await serve(loggedSite(logger), { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
logger.info({ url }, 'The post office is open')
