import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exchange, overProgram } from '../support/index.ts'
import { whyNot } from './elsewhere.ts'
import { bytesOf, differences, exchangesOf, onBothSides } from './exchanges.ts'
import { blocksOf, kindOf, pages, type Block } from './pages.ts'
import { programsOf, projectOf, withChecks, type Project } from './programs.ts'
import { run, type Running } from './running.ts'

for (const page of pages) {
  if (programsOf(page).length === 0) continue
  if (!programsOf(page).join('').includes("from 'redis'")) {
    describe(page, () => {
      examplesOf(page)
    })
    continue
  }
  overProgram(
    page,
    { command: 'redis-server', package: 'redis-server' },
    async ({ port, start }) => {
      await start(['--port', String(port), '--save', ''])
      return { REDIS_PORT: String(port) }
    },
    (env) => examplesOf(page, env),
  )
}

/** The examples of a page run, and the servers that they start say what the page shows of them. */
function examplesOf(page: string, env = (): Record<string, string> => ({})): void {
  let project: Project
  const started = new Map<string, Promise<Running>>()
  beforeAll(() => {
    project = projectOf(page)
  })
  afterAll(async () => {
    for (const running of started.values()) await running.then(({ stop }) => stop()).catch(() => {})
    project.remove()
  })
  const start = (code: string): Promise<Running> => {
    const running = started.get(code) ?? run(project.folder, code, env())
    started.set(code, running)
    return running
  }

  it.each(programsOf(page).map((code, i) => ({ code, nth: i + 1 })))(
    'has an example, its number $nth, that runs and gives what it says',
    async ({ code }) => {
      await expect(start(code)).resolves.toBeDefined()
    },
  )

  const exchanges = blocksOf(page).filter((block) => kindOf(block) === 'exchange' && whyNot(block) === undefined)
  if (exchanges.length === 0) return

  it.each(exchanges)('shows at line $line what is sent', async (block) => {
    const { code, port } = serverBefore(block)
    const { ports } = await start(code)
    for (const shown of exchangesOf(block)) {
      const { text } = await exchange(ports[port]!, bytesOf(shown.request))
      expect(differences(shown.after, text)).toEqual([])
      if (shown.before === undefined) continue
      const bare = await start(readFileSync(join(project.folder, 'before.js'), 'utf8'))
      const { text: bareText } = await exchange(bare.ports['2999']!, bytesOf(shown.request))
      expect(differences(shown.before, bareText)).toEqual([])
      expect(onBothSides(shown, bareText, text)).toEqual([])
    }
  })
}

/** An exchange is with the server that the page has started last, so far. */
function serverBefore({ page, line }: Block): { code: string; port: string } {
  const code = programsOf(page, line).findLast((program) => program.includes('.listen('))!
  return { code, port: [...code.matchAll(/\.listen\((\d+)\)/g)].at(-1)![1]! }
}

it('a value that is stated is compared, and words are not', () => {
  expect(withChecks("f('a') // 'b', as f does it\nconst c = 1 // 2\ng() // goes on\n  h() // 3")).toBe(
    "gives(f('a'), \"'b', as f does it\")\nconst c = 1 // 2\ng() // goes on\n  h() // 3",
  )
})
