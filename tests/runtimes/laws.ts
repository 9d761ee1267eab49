/**
 * The laws on another runtime, over its own Request, Response and streams. Prints a line for each that is broken, and in
 * the end how many are kept.
 *
 * @module
 */
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { afterwards, collected } from './jest-globals.ts'

/** What is measured by V8 and by Node alone; the bridge over another `node:http` has its kinds. */
const ofNode = /nothing grows|no promise is made|byte for byte/

console.error = () => {}
await import('../laws/laws.test.ts')
await import('../laws/packages.test.ts')
await import('../allowed-hosts/laws.test.ts')
await import('../compression/laws.test.ts')
await import('../cross-origin-protection/laws.test.ts')
await import('../https-redirect/laws.test.ts')
await import('../security-headers/laws.test.ts')
await import('../trusted-proxy/laws.test.ts')
const chosen = collected.filter(({ name }) => !ofNode.test(name))
let kept = 0
for (const { name, run } of chosen) {
  try {
    await Promise.race([run(), hangs()])
    kept++
  } catch (error) {
    console.log(`broken: ${name}: ${String(error).split('\n', 1)[0]}`)
  }
}
for (const run of afterwards) await run()
console.log(`${kept} kept, ${chosen.length - kept} not`)
process.exit()

async function hangs(): Promise<never> {
  await pause(60_000, undefined, { ref: false })
  throw new Error('it hangs')
}
