/** A site in a process of its own that runs out of descriptors when it is told to, and has them again. */
import { closeSync, openSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { respond } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { staticFiles } from '@outerware/static'

const tell = (message: object): void => void process.send?.(message)
const options: object = JSON.parse(process.argv[2]!)
const files = staticFiles({ dir: '.', ...options, report: (report) => tell({ report }) })
const server = createServer(toNode(files(() => respond('app'))))
const taken: number[] = []

function fill(): void {
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch (error) {
    tell({ filled: Object(error).code })
  }
}

function asset(name: string): void {
  try {
    tell({ asset: files.asset(name).url })
  } catch (error) {
    tell({ asset: Object(error).code })
  }
}

async function reload(): Promise<void> {
  const error: unknown = await files.reload().catch((reason: unknown) => reason)
  tell({ reloaded: Object(error).code ?? null, urls: files.urls() })
}

process.on('message', (order) => {
  if (order === 'fill') fill()
  else if (order === 'free') {
    for (const descriptor of taken.splice(0)) closeSync(descriptor)
    tell({ freed: true })
  } else if (order === 'asset') asset('src/main.ts')
  else if (order === 'count') tell({ count: readdirSync('/proc/self/fd').length })
  else void reload()
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => tell({ port: Object(server.address()).port }))
