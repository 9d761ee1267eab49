/** One server in a process of its own: prints its port, ends with its parent. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { servers } from './servers.ts'

const name = process.argv[2] ?? ''
const make = servers[name]
if (make === undefined) throw new Error(`No server "${name}"; there are: ${Object.keys(servers).join(', ')}`)

const server = createServer(await make())
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.on('end', () => process.exit()).resume()
