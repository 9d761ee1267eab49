/**
 * Ports from the environment, and what to write when one is taken.
 *
 * @module
 */
import { connect } from 'node:net'

/** Where the site and its provider listen. */
export interface Ports {
  readonly PORT: number
  readonly PROVIDER_PORT: number
}

/** Says by itself what to do; no stack is needed. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

/**
 * Reads `PORT` and `PROVIDER_PORT` from the environment, and makes sure that nobody answers there.
 *
 * @throws {@link PortError} saying what to write instead
 */
export async function choosePorts(usual: Ports, env: NodeJS.ProcessEnv = process.env): Promise<Ports> {
  const wanted = { PORT: read('PORT', usual, env), PROVIDER_PORT: read('PROVIDER_PORT', usual, env) }
  if (wanted.PORT === wanted.PROVIDER_PORT) throw new PortError('PORT and PROVIDER_PORT must differ.')
  const PORT = await freeFrom(wanted.PORT, wanted.PROVIDER_PORT)
  const PROVIDER_PORT = await freeFrom(wanted.PROVIDER_PORT, PORT)
  const taken = [wanted.PORT, wanted.PROVIDER_PORT].filter((port) => port !== PORT && port !== PROVIDER_PORT)
  if (taken.length === 0) return wanted
  const what =
    taken.length === 1
      ? `Port ${taken[0]} is taken. Write another one:`
      : `Ports ${taken.join(' and ')} are taken. Write others:`
  throw new PortError(`${what}\n\n    ${command({ PORT, PROVIDER_PORT }, usual)}`)
}

function read(name: keyof Ports, usual: Ports, env: NodeJS.ProcessEnv): number {
  const given = env[name] ?? ''
  const port = given === '' ? usual[name] : Number(given)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new PortError(`${name} must be a port from 1 to 65535, got ${JSON.stringify(given)}.`)
}

/** The port itself if it is free, else the next one that is. */
async function freeFrom(port: number, not: number): Promise<number> {
  let next = port
  while ((next !== port && next === not) || (await isTaken(next))) next = next === 65_535 ? 1024 : next + 1
  return next
}

/**
 * Tells whether somebody answers on `localhost`. Trying to listen is not enough: on some systems one program may
 * have the port on `::1` and another one on `127.0.0.1`, and a browser takes the first that answers.
 */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' })
    const settle = (taken: boolean): void => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

/** The line to type, with those ports that are not the usual ones. */
function command(ports: Ports, usual: Ports): string {
  const names = (['PORT', 'PROVIDER_PORT'] as const).filter((name) => ports[name] !== usual[name])
  return process.platform === 'win32'
    ? `${names.map((name) => `$env:${name}=${ports[name]}; `).join('')}npm start`
    : `${names.map((name) => `${name}=${ports[name]} `).join('')}npm start`
}
