import { expect, it } from '@jest/globals'
import { fromNode, toNode } from '@outerware/core/node'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import express from 'express'
import { exchange, linesMissing, listen, readmeExchange, requestOfLines } from '../support/index.ts'

it('the README shows what is sent', async () => {
  const { left, right } = readmeExchange('middlewares/cross-origin-protection')
  const app = express().use((_req, res) => void res.send('hello'))
  const site = crossOriginProtection({
    trustedOrigins: ['https://admin.site.example'],
    bypass: ['/webhooks/*'],
  })(fromNode(app))
  const server = await listen(toNode(site))
  const { text } = await exchange(server.port, requestOfLines(left))
  await server.close()
  expect(linesMissing(right, text)).toEqual([])
})
