/**
 * Starts the site and its provider on this machine, and says what to try.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { OptionError } from '@outerware/core'
import { serve, type Running } from '@outerware/core/node'
import { expressSite } from './app.ts'
import { buildAssets } from './assets.ts'
import { choosePorts, PortError } from './ports.ts'
import { harbourOffice } from './provider.ts'
import { welcome } from './welcome.ts'

try {
  await start()
} catch (error) {
  if (!(error instanceof PortError || error instanceof OptionError)) throw error
  console.error(`\n${error.message}\n`)
  process.exitCode = 1
}

async function start(): Promise<void> {
  const ports = await choosePorts({ PORT: 3000, PROVIDER_PORT: 4000 })

  // Two host names, so that the browser takes them for two sites, as they would be anywhere else.
  const baseURL = `http://localhost:${ports.PORT}`
  const issuer = `http://127.0.0.1:${ports.PROVIDER_PORT}`
  const client = { id: 'skerry-light', secret: randomSecret(), baseURL }

  buildAssets()
  const office = await harbourOffice({ issuer, client })
  const site = expressSite({
    baseURL,
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    secret: process.env['SESSION_SECRET'] ?? randomSecret(), // a new one signs everybody out
  })

  const here = { hostname: '127.0.0.1', signals: false, stopTimeoutMs: 2000 } as const
  const running = [
    await serve(office, { ...here, port: ports.PROVIDER_PORT }),
    await serve(site, { ...here, port: ports.PORT }),
  ]
  console.log(welcome({ baseURL, issuer }))
  stopOnSignal(running)
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The first Ctrl-C lets requests finish, two seconds at most; a second one ends the process at once. */
function stopOnSignal(running: readonly Running[]): void {
  const stop = (): void => {
    console.log('\nStopping.')
    void Promise.all(running.map((server) => server.stop()))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
