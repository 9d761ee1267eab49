import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Accept } from '@outerware/core'
import { fromNode, toNode, toUpgrade } from '@outerware/core/node'
import { authOf } from '@outerware/oauth2'
import express from 'express'
import { exchange, listen, type Listening } from '../support/index.ts'
import { gateTo, startFakeProvider, type FakeProvider } from './support/index.ts'

// A real Express app behind a real server: tokens on sockets.
const app = express()
app.get('/me', (req, res) => {
  const auth = authOf(req)
  res.json({ kind: auth?.kind, sub: auth?.sub, user: req.headers['x-forwarded-user'], raw: req.rawHeaders })
})
app.post('/echo', express.json(), (req, res) => {
  res.json(req.body)
})

const greet: Accept = (req, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  socket.end(`hello ${authOf(req)?.sub}`)
}

let fake: FakeProvider
let site: Listening
let token: string
beforeAll(async () => {
  fake = await startFakeProvider()
  const server = createServer()
  site = await listen(server)
  const gate = gateTo(fake, {
    baseURL: site.url,
    bearer: { audience: 'https://site.test' },
    identityHeaders: { 'x-forwarded-user': 'sub' },
  })
  const whole = gate(fromNode(app, { upgrade: greet }))
  server.on('request', toNode(whole))
  server.on('upgrade', toUpgrade(whole))
  token = await fake.accessToken()
})
afterAll(() => site.close())

it('gives Express the user of the token, and identity fields that nobody has made up', async () => {
  const headers = { authorization: `Bearer ${token}`, 'x-forwarded-user': 'root' }
  const said = Object(await (await fetch(`${site.url}/me`, { headers })).json())
  expect(said).toMatchObject({ kind: 'bearer', sub: 'ann', user: 'ann' })
  expect(said.raw).not.toContain('root')
})

it('refuses two fields with 400: the app might go by the one that was not judged (R40)', async () => {
  const lines = (...values: string[]): string => values.map((value) => `Authorization: ${value}\r\n`).join('')
  const ask = async (...values: string[]): Promise<string> =>
    (await exchange(site.port, `GET /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines(...values)}\r\n`)).text
  expect(await ask(`Bearer ${token}`)).toMatch(/^HTTP\/1\.1 200 /)
  for (const other of ['Bearer x', 'Basic eDp5', `Bearer ${token}`]) {
    expect(await ask(`Bearer ${token}`, other)).toMatch(/^HTTP\/1\.1 400 [^]*error="invalid_request"/)
  }
})

it('leaves the body to Express', async () => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${site.url}/echo`, { method: 'POST', headers, body: '{"a":1}' })
  expect(await response.json()).toEqual({ a: 1 })
})

it('refuses others before Express hears of them, the challenge of tokens first, each in a line of its own', async () => {
  const { text } = await exchange(site.port, 'GET /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 401 /)
  expect(text.match(/^www-authenticate: \w+/gim)).toEqual(['www-authenticate: Bearer', 'www-authenticate: Cookie'])
})

it('answers at the well-known path over the wire (RFC 9728)', async () => {
  const response = await fetch(`${site.url}/.well-known/oauth-protected-resource`)
  expect(await response.json()).toMatchObject({ resource: site.url, authorization_servers: [fake.issuer] })
})

it('takes a token at the handshake of a WebSocket, and refuses one that is not good', async () => {
  const shake = async (value: string): Promise<string> => {
    const offer = ['GET /socket HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket']
    return (await exchange(site.port, `${[...offer, `Authorization: Bearer ${value}`].join('\r\n')}\r\n\r\n`)).text
  }
  expect(await shake(token)).toMatch(/^HTTP\/1\.1 101 [\s\S]*hello ann$/)
  expect(await shake('nonsense')).toMatch(/^HTTP\/1\.1 401 /)
})
