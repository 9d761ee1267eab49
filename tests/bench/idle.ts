/** What a connection costs that was asked once and is kept alive. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Bytes per connection. */
export interface IdleCost {
  /** Of the JavaScript heap, after a collection: the same figure each time. */
  readonly heap: number
  /** Of the process; the system hands out memory in large pieces, so it wavers. */
  readonly rss: number
}

interface Memory {
  readonly heapUsed: number
  readonly rss: number
}

/**
 * The slope between a quarter of the connections and all of them, so that what a server makes once, when it is first
 * asked, is not in it.
 *
 * @param name of a server of `bridge-servers.ts`
 * @param node arguments that start `idle-server`
 */
export async function idleCost(name: string, connections: number, node: readonly string[]): Promise<IdleCost> {
  const child = spawn(process.execPath, ['--expose-gc', ...node, name], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const sockets: Socket[] = []
  try {
    const port: number = await message(child)
    const few = connections >> 2
    await open(sockets, few, port)
    const before = await memoryOf(child)
    await open(sockets, connections - few, port)
    const after = await memoryOf(child)
    const slope = (key: keyof Memory): number => (after[key] - before[key]) / (connections - few)
    return { heap: slope('heapUsed'), rss: slope('rss') }
  } finally {
    for (const socket of sockets) socket.destroy()
    const gone = once(child, 'exit')
    child.disconnect()
    await gone
  }
}

/** As many connections as the limit of open files lets one process have, at most `wanted`. */
export function connectionsAllowed(wanted: number): number {
  const limit = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout)
  return Number.isNaN(limit) ? wanted : Math.min(wanted, limit - 200)
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [said] = await once(child, 'message')
  return said
}

function memoryOf(child: ChildProcess): Promise<Memory> {
  const said = message<Memory>(child)
  child.send('how much?')
  return said
}

/** A hundred at a time: more than the backlog of a listening socket would be refused. */
async function open(sockets: Socket[], count: number, port: number): Promise<void> {
  for (let left = count; left > 0; left -= 100) {
    const some = Array.from({ length: Math.min(left, 100) }, () => askOnce(port))
    sockets.push(...(await Promise.all(some)))
  }
}

async function askOnce(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: idle.test\r\n\r\n')
  let answer = ''
  while (!answer.includes('hello, world\n')) {
    const [bytes] = await once(socket, 'data')
    answer += String(bytes)
  }
  return socket
}
