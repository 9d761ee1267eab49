/**
 * Starts one of the four on this machine: `FRAMEWORK=koa npm start`.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { inExpress, inFastify, inHono, inKoa } from './app.ts'

const makers = { express: inExpress, fastify: inFastify, hono: inHono, koa: inKoa }
const { FRAMEWORK = 'express' } = process.env
const make = Object.entries(makers).find(([name]) => name === FRAMEWORK)?.[1]
if (make === undefined) throw new Error(`FRAMEWORK is one of ${Object.keys(makers).join(', ')}, and not ${FRAMEWORK}`)

const { url } = await serve(await make(), { hostname: '127.0.0.1', stopTimeoutMs: 2000 })
console.log(`${FRAMEWORK}, with hooks inside: ${url}`)
