/**
 * Runs an example in a process of its own: `node … runner.ts example.ts`, over IPC. Beside the example it has
 *
 * - ports: 3000, as pages have them, is a free one here; which one is told to the parent;
 * - a provider: the metadata of `https://accounts.example`, at which examples sign in;
 * - `gives(value, stated)`, which the checks of programs.ts call.
 */
import { Server, Socket, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'

/** What the parent hears, once. */
export type Told = { readonly ports: Readonly<Record<string, number>> } | { readonly failed: string }

const ports: Record<string, number> = {}
const listening: Promise<void>[] = []

const { listen } = Server.prototype
Server.prototype.listen = function (this: Server, port?: unknown): Server {
  listening.push(
    new Promise((heard) => {
      this.once('listening', () => {
        const { port: free } = this.address() as AddressInfo
        ports[String(port)] = free
        heard()
      })
    }),
  )
  return Reflect.apply(listen, this, [0, '127.0.0.1'])
}

const { connect } = Socket.prototype
const { REDIS_PORT } = process.env
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  for (const options of args.flat()) {
    if (Object(options).port === 6379) Object(options).port = Number(REDIS_PORT)
  }
  return Reflect.apply(connect, this, args)
}

const issuer = 'https://accounts.example'
const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  const { href } = new URL(input instanceof Request ? input.url : input)
  if (href !== `${issuer}/.well-known/openid-configuration`) return fetch(input, init)
  const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
  const metadata = { issuer, ...endpoints, jwks_uri: `${issuer}/jwks`, code_challenge_methods_supported: ['S256'] }
  return Promise.resolve(Response.json(metadata))
}

Object.assign(globalThis, {
  /** Compares up to the `…`, white space aside; words behind the value are for the reader. */
  gives(value: unknown, stated: string): void {
    const [given, wanted] = [inspect(value, { breakLength: Infinity, depth: Infinity }), stated].map(squeezed)
    const [begin = '', more] = wanted!.split('…')
    const isSo = more === undefined ? begin.startsWith(given!) : given!.startsWith(begin)
    if (!isSo) throw new Error(`The page states ${stated}, and it is ${inspect(value)}`)
  },
})

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

const tell = (told: Told): void => void process.send!(told)
process.on('disconnect', () => process.exit())
try {
  await import(pathToFileURL(resolve(process.argv[2]!)).href)
  await Promise.all(listening)
  tell({ ports })
} catch (error) {
  tell({ failed: inspect(error) })
}
