/** Signing in before the load: each server gives a cookie of its own. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asked } from './measure.ts'
import type { Suite } from './suite.ts'

/** What is asked of the server on a port: with its cookie, if the suite signs in. */
export async function askedAt(suite: Suite, port: number): Promise<Asked> {
  if (suite.signIn === undefined) return suite
  const response = await fetch(`http://127.0.0.1:${port}${suite.signIn}`)
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const asked = { ...suite, headers: { ...suite.headers, cookie } }
  const { status } = await fetch(`http://127.0.0.1:${port}${suite.path}`, {
    headers: asked.headers,
    redirect: 'manual',
  })
  if (status !== 200) throw new Error(`nobody is signed in: ${status}`)
  return asked
}

/** The same of a server that listens nowhere. */
export async function askedOf(suite: Suite, server: Server): Promise<Asked> {
  if (suite.signIn === undefined) return suite
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asked = await askedAt(suite, (server.address() as AddressInfo).port)
  server.close()
  server.closeAllConnections()
  return asked
}
