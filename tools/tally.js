/**
 * A Jest reporter for CI: appends what became of each test to the file that `TALLY` names, a line each.
 * A test file that could not be loaded counts as one that failed. Silent without `TALLY`.
 *
 *     passed   core/compose.test.ts  compose(a, b, c)(app) is a(b(c(app)))
 *
 * @module
 */
import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'

export default class Tally {
  onTestFileResult(_test, file) {
    const { TALLY } = process.env
    if (TALLY === undefined) return
    const name = relative('tests', file.testFilePath)
    const lines = file.testResults.map(
      ({ status, fullName }) => `${status}\t${name}\t${fullName.replaceAll('\n', ' ')}\n`,
    )
    if (file.testExecError) lines.push(`failed\t${name}\tcould not be run\n`)
    appendFileSync(TALLY, lines.join(''))
  }
}
