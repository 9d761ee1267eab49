import { expect, it } from '@jest/globals'
import { compose } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { allowedHosts } from '@outerware/allowed-hosts'
import { httpsRedirect } from '@outerware/https-redirect'
import { trustedProxy } from '@outerware/trusted-proxy'
import express from 'express'
import { exchange, linesMissing, listen, readmeExchange, requestOfLines } from '../support/index.ts'

it('the README shows what is sent', async () => {
  const { left, right } = readmeExchange('middlewares/https-redirect')
  const app = express().use((_req, res) => void res.send('hello'))
  const site = compose(
    trustedProxy({ proxies: ['10.0.0.0/8'] }),
    allowedHosts(['site.example', 'www.site.example']),
    httpsRedirect({ exempt: ['/health', '/.well-known/acme-challenge/*'] }),
  )(fromNode(app))
  const server = await listen(toNode(site))
  const { text } = await exchange(server.port, requestOfLines(left))
  await server.close()
  expect(linesMissing(right, text)).toEqual([])
})
