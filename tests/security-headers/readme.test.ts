import { expect, it } from '@jest/globals'
import { compose, errors } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import express from 'express'
import { exchange, linesMissing, listen, readmeExchange } from '../support/index.ts'

const app = express().set('env', 'test')
app.get('/old', (_req, res) => res.redirect('/new'))

async function send(listener: Parameters<typeof listen>[0]): Promise<string> {
  const server = await listen(listener)
  const { text } = await exchange(server.port, 'GET /old HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  await server.close()
  return text
}

it('the README shows what is sent, before and after', async () => {
  const { left, right: shown } = readmeExchange('middlewares/security-headers')
  const site = compose(
    errors(),
    securityHeaders({
      contentSecurityPolicy: { directives: { imgSrc: ["'self'", 'https://images.example'] } },
      permissionsPolicy: { camera: false, geolocation: ['self', 'https://maps.example'] },
    }),
  )(fromNode(app))
  expect(linesMissing(left, await send(app))).toEqual([])
  const after = await send(toNode(site))
  const more = shown.at(-1) ?? ''
  const right = shown.slice(0, -1)
  expect(linesMissing([...right, more.replace(/\s+….*$/, '')], after)).toEqual([])
  // What it does not show it counts.
  expect(more).toMatch(/… and four more$/)
  const names = after
    .split('\r\n\r\n')[0]!
    .match(/^(?:content-security-policy|cross-origin|origin-agent|permissions|referrer|x-)[a-z-]*:/gm)
  // The status line and Location are none of them.
  expect(names).toHaveLength(shown.length - 2 + 4)
})
