import { expect, it } from '@jest/globals'
import { fromNode, toNode } from '@outerware/core/node'
import { allowedHosts } from '@outerware/allowed-hosts'
import express from 'express'
import { exchange, linesMissing, listen, readmeExchange, requestOfLines } from '../support/index.ts'

it('the README shows what is sent', async () => {
  const { left, right } = readmeExchange('middlewares/allowed-hosts')
  const app = express().use((_req, res) => void res.send('hello'))
  const site = allowedHosts(['site.example', '.tenants.example', 'localhost:3000'])(fromNode(app))
  const server = await listen(toNode(site))
  const { text } = await exchange(server.port, requestOfLines(left))
  await server.close()
  expect(linesMissing(right, text)).toEqual([])
})
