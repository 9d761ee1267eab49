import { afterAll, expect, it } from '@jest/globals'
import { compose, respond, type App } from '@outerware/core'
import { contextOf, fromNode, toNode } from '@outerware/core/node'
import { allowedHosts } from '@outerware/allowed-hosts'
import { httpsRedirect } from '@outerware/https-redirect'
import { securityHeaders } from '@outerware/security-headers'
import { trustedProxy, type TrustedProxyOptions } from '@outerware/trusted-proxy'
import express from 'express'
import { exchange, listen, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

const inExpress = express().set('trust proxy', true)
inExpress.use((req, res) => {
  res.json([contextOf(req)?.ip, req.ip, req.protocol, req.hostname, req.url, req.headers, req.rawHeaders])
})
const plain: App = (request, context) => respond(JSON.stringify([context.ip, request.url, [...request.headers]]))

async function send(app: App, request: string): Promise<string> {
  const server = await listen(toNode(app))
  servers.push(server)
  return (await exchange(server.port, `${request}\r\nConnection: close\r\n\r\n`)).text
}

const lies = [
  'X-Forwarded-For: 1.2.3.4',
  'x-forwarded-proto: https',
  'X-FORWARDED-HOST: evil.test',
  'Forwarded: for=1.2.3.4;host=evil.test',
  'X-Real-IP: 1.2.3.4',
]
const attack = `GET /a HTTP/1.1\r\nHost: site.test\r\n${lies.join('\r\n')}`
const all: TrustedProxyOptions['headers'] = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host']

it.each<[string, App]>([
  ['Express, which trusts all it is told', fromNode(inExpress)],
  ['a function', plain],
])('a client that is no proxy deceives nobody: %s', async (_name, app) => {
  const text = await send(trustedProxy({ proxies: ['10.0.0.0/8'], headers: all })(app), attack)
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect(text).toContain('127.0.0.1')
  expect(text).not.toMatch(/1\.2\.3\.4|evil|forwarded|https|real-ip/i)
})

const proxied =
  'GET /a%2Fb?c HTTP/1.1\r\nHost: backend:3000\r\nX-Forwarded-For: 1.2.3.4, 203.0.113.9\r\nX-Forwarded-Proto: https'

it('a proxy tells Express of the client, by the context and by its own properties', async () => {
  const site = trustedProxy({ proxies: ['loopback'], headers: all })(fromNode(inExpress))
  const text = await send(site, `${proxied}\r\nX-Forwarded-Host: shop.example`)
  const [contextIp, ip, protocol, hostname, url, headers, rawHeaders] = JSON.parse(text.split('\r\n\r\n')[1]!)
  expect([contextIp, ip, protocol, hostname, url]).toEqual([
    '203.0.113.9',
    '203.0.113.9',
    'https',
    'shop.example',
    '/a%2Fb?c',
  ])
  expect(headers).toMatchObject({ host: 'shop.example', 'x-forwarded-for': '203.0.113.9' })
  expect(rawHeaders).not.toContain('backend:3000')
})

it('a client that the proxy does not know has no address, also on Node', async () => {
  const text = await send(
    trustedProxy({ proxies: ['loopback'] })(plain),
    'GET / HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: unknown',
  )
  expect(text).toContain('[null,"http://a.test/"')
})

it('the wrappers inside go by what it has derived', async () => {
  const site = compose(
    trustedProxy({ proxies: ['loopback'], headers: all }),
    allowedHosts(['shop.example']),
    httpsRedirect(),
    securityHeaders(),
  )(plain)
  const secure = await send(site, `${proxied}\r\nX-Forwarded-Host: shop.example`)
  expect(secure).toMatch(/^HTTP\/1\.1 200 [^]*strict-transport-security: max-age/i)
  expect(secure).toContain('"https://shop.example/a%2Fb?c"')
  const open = await send(
    site,
    'GET /a HTTP/1.1\r\nHost: backend\r\nX-Forwarded-Host: shop.example\r\nX-Forwarded-Proto: http',
  )
  expect(open).toMatch(/^HTTP\/1\.1 301 [^]*location: https:\/\/shop\.example\/a\r\n/i)
  const foreign = await send(site, `${proxied}\r\nX-Forwarded-Host: evil.test`)
  expect(foreign).toMatch(/^HTTP\/1\.1 400 /)
})
