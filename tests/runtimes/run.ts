/**
 * `npm run test:runtimes`: the same site on every runtime that is installed, the same questions, one line each. Before
 * them comes a storm of malformed requests, which the runtime must survive; and where it has a `node:http` of its own,
 * the kinds of `tests/hosts` run through the bridge there, and the laws of `tests/laws` over its own Request and Response.
 * `npm run test:runtimes -- bun deno` asks these only.
 *
 * @module
 */
import { questions, wrongAnswers } from './questions.ts'
import { storm } from '../hosts/malformed/storm.ts'
import { bridgeOn, lawsOn } from './bridge-on.ts'
import { install, runtimes, start, type Runtime } from './runtimes.ts'

const count = questions.length + 1
if (process.argv.includes('--install')) install()

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const chosen = runtimes.filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()))
for (const lines of chosen.map(report)) for (const line of await lines) console.log(line)

/** What there is to say of a runtime; the runtimes run side by side. */
async function report({ name, platform, command, bridge, laws }: Runtime): Promise<string[]> {
  const found = command()
  if (found === undefined) return [titled(name, 'is not installed: npm run test:runtimes -- --install')]
  const [wrong, over] = await Promise.all([askAll(found, platform), bridgeOn(name, bridge?.())])
  const kept = await lawsOn(laws?.())
  if (wrong.length + over.wrong.length + kept.wrong.length > 0) process.exitCode = 1
  const said = wrong.length === 0 ? `${count} answers as wanted` : `${wrong.length} of ${count} answers not as wanted`
  const bridged = over.summary === undefined ? [] : [titled(name, `the bridge over its node:http: ${over.summary}`)]
  const lawful = kept.summary === undefined ? [] : [titled(name, `the laws: ${kept.summary}`)]
  const all = [...wrong, ...over.wrong, ...kept.wrong]
  return [titled(name, said), ...bridged, ...lawful, ...all.map((line) => `    ${line}`)]
}

async function askAll(command: readonly [string, ...string[]], platform: string): Promise<string[]> {
  try {
    const { url, stop } = await start(command)
    try {
      const { wrong } = await storm(Number(new URL(url).port), 1000, { patienceMs: 2000 })
      // The parser of workerd takes a line for a request that has no version, and then the rest of it for another.
      const twice = (platform === 'workers' ? [] : wrong).map(
        (seed) => `malformed(seeded(${seed})) is answered wrongly`,
      )
      return [...twice, ...(await wrongAnswers(url, platform))]
    } finally {
      void stop()
    }
  } catch (error) {
    return [String(error)]
  }
}

function titled(name: string, line: string): string {
  return `${name.padEnd(8)} ${line}`
}
