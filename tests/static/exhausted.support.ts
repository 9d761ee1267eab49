/** Starts the site of `exhausted.child.ts`, which may have a hundred descriptors, and talks to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(import.meta.dirname, '../..')
const isBuilt = fileURLToPath(import.meta.resolve('@outerware/static')).endsWith('.js')
const conditions = isBuilt ? '' : '--conditions=@outerware/source'

export interface Site {
  readonly port: number
  /** What it has said, and nobody has asked for yet. */
  readonly heard: readonly Record<string, unknown>[]
  readonly send: (order: string) => void
  /** Waits for the first message with that key, and takes it from what was heard. */
  readonly hears: (key: string) => Promise<unknown>
  /** Sends, and waits for the message that answers it. */
  readonly order: (order: string, answer: string) => Promise<unknown>
  readonly stop: () => Promise<void>
}

export async function startSite(options: object): Promise<Site> {
  const line = `ulimit -n 100; exec "$0" --disable-warning=ExperimentalWarning ${conditions} --import=./tools/typescript.js tests/static/exhausted.child.ts "$1"`
  const child = spawn('sh', ['-c', line, process.execPath, JSON.stringify(options)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const heard: Record<string, unknown>[] = []
  child.on('message', (message) => heard.push(Object(message)))
  const hears = async (key: string): Promise<unknown> => {
    for (;;) {
      const at = heard.findIndex((message) => key in message)
      if (at !== -1) return heard.splice(at, 1)[0]![key]
      await once(child, 'message')
    }
  }
  const send = (order: string): void => void child.send(order)
  return {
    port: Number(await hears('port')),
    heard,
    send,
    hears,
    order(order, answer) {
      send(order)
      return hears(answer)
    },
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
