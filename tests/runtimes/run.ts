/**
 * `npm run test:runtimes`: the same site on every runtime that is installed, the same questions, one line each.
 * `npm run test:runtimes -- bun deno` asks these only.
 *
 * @module
 */
import { questions, wrongAnswers } from './questions.ts'
import { install, runtimes, start } from './runtimes.ts'

const count = questions.length + 1
if (process.argv.includes('--install')) install()

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
for (const { name, platform, command } of runtimes) {
  if (wanted.length > 0 && !wanted.includes(name.toLowerCase())) continue
  const found = command()
  if (found === undefined) {
    print(name, 'is not installed: npm run test:runtimes -- --install')
    continue
  }
  const wrong = await askAll(found, platform)
  print(name, wrong.length === 0 ? `${count} answers as wanted` : `${wrong.length} of ${count} answers not as wanted`)
  for (const line of wrong) console.log(`    ${line}`)
  if (wrong.length > 0) process.exitCode = 1
}

async function askAll(command: readonly [string, ...string[]], platform: string): Promise<string[]> {
  try {
    const { url, stop } = await start(command)
    return await wrongAnswers(url, platform).finally(() => void stop())
  } catch (error) {
    return [String(error)]
  }
}

function print(name: string, line: string): void {
  console.log(`${name.padEnd(8)} ${line}`)
}
