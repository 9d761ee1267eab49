/**
 * The bridge on the `node:http` of another runtime: each kind of request, the app bare on that runtime against the
 * app wrapped. Prints a line for each kind that differs, and in the end how many were the same.
 *
 * @module
 */
import process from 'node:process'
import { runOne } from '../hosts/harness/compare.ts'
import { viewOf } from '../hosts/harness/view.ts'
import { wrappings } from '../hosts/harness/wrappings.ts'
import { themes } from '../hosts/kinds/index.ts'

const [wanted = 'async', only] = process.argv.slice(2)
const wrapping = wrappings.find(({ name }) => name === wanted)
if (wrapping === undefined) throw new Error(`there is no wrapping ${wanted}`)

console.error = () => {}
const bareClosely = { ...wrapping.closeness, added: undefined }
let same = 0
let broken = 0
const others: string[] = []
for (const theme of themes) {
  for (const kind of theme.kinds) {
    if (kind.exempt?.[wrapping.name] !== undefined || (only !== undefined && !kind.name.includes(only))) continue
    const bare = viewOf(await runOne(theme, kind, wrapping.bare ?? ((host) => host)), kind, bareClosely)
    const outside = viewOf(await runOne(theme, kind, wrapping.wrapped), kind, wrapping.closeness)
    if (bare.trouble !== undefined) broken++
    else if (JSON.stringify(bare) === JSON.stringify(outside)) same++
    else {
      others.push(`${theme.name}: ${kind.name}`)
      if (only !== undefined) console.log(JSON.stringify([bare, outside], undefined, 1))
    }
  }
}
for (const line of others) console.log(line)
console.log(`${same} the same, ${others.length} not, ${broken} that this runtime does not do bare`)
process.exit()
