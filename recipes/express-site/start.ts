/**
 * Starts the site and its provider on this machine, and says what to try.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { serve, type Running } from '@outerware/core/node'
import { expressSite } from './app.ts'
import { buildAssets } from './assets.ts'
import { choosePort, PortError } from './ports.ts'
import { harbourOffice } from './provider.ts'
import { welcome } from './welcome.ts'

try {
  await start()
} catch (error) {
  if (!(error instanceof PortError)) throw error
  console.error(`\n${error.message}\n`)
  process.exitCode = 1
}

async function start(): Promise<void> {
  const port = await choosePort('PORT', 3000)
  const providerPort = await choosePort('PROVIDER_PORT', 4000)
  if (port === providerPort) throw new PortError('PORT and PROVIDER_PORT must differ.')

  // Two host names, so that the browser takes them for two sites, as they would be anywhere else.
  const baseURL = `http://localhost:${port}`
  const issuer = `http://127.0.0.1:${providerPort}`
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
  const running = [await serve(office, { ...here, port: providerPort }), await serve(site, { ...here, port })]
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
