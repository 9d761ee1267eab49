/**
 * Ports from the environment, and what to write when one is taken.
 *
 * @module
 */
import { connect } from 'node:net'

/** An error whose message is all that the reader needs: no stack. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

/**
 * Reads a port from the environment, and makes sure that nobody answers there.
 *
 * @param variable such as `PORT`
 * @throws {@link PortError} saying what to write instead
 */
export async function choosePort(variable: string, usual: number): Promise<number> {
  const given = process.env[variable]
  const port = given === undefined || given === '' ? usual : Number(given)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PortError(`${variable} must be a port from 1 to 65535, got ${JSON.stringify(given)}.`)
  }
  if (!(await isTaken(port))) return port
  const other = await freePortAfter(port)
  throw new PortError(`Port ${port} is taken. Write another one:\n\n    ${command(variable, other)}`)
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

async function freePortAfter(port: number): Promise<number> {
  let next = port < 65_535 ? port + 1 : 3000
  while (await isTaken(next)) next += 1
  return next
}

function command(variable: string, port: number): string {
  return process.platform === 'win32' ? `$env:${variable}=${port}; npm start` : `${variable}=${port} npm start`
}
