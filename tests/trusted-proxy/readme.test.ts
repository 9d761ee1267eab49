import { expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { trustedProxy } from '@outerware/trusted-proxy'
import { exchange, listen, readmeExchange, requestOfLines } from '../support/index.ts'

it('the README shows what the site sees', async () => {
  const { left, right } = readmeExchange('middlewares/trusted-proxy')
  const app: App = ({ method, url, headers }, { ip }) =>
    respond([`${method} ${url}`, ...[...headers].map((field) => field.join(': ')), `context.ip: ${ip}`].join('\n'))
  // The proxy of the README is 10.0.0.1; this one is on the same machine.
  const server = await listen(toNode(trustedProxy({ proxies: ['10.0.0.0/8', 'loopback'] })(app)))
  const { text } = await exchange(server.port, requestOfLines(left))
  await server.close()
  const seen = text.split('\r\n\r\n')[1]!.split('\n')
  const forwarded = seen.filter((line) => !/^(?:connection|content-length):/.test(line))
  expect(forwarded.sort()).toEqual([...right].sort())
})
