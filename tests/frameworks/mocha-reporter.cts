/**
 * A reporter for mocha, of whatever version a project has: as of ours for `node --test`, one line of JSON for each
 * test. Tests of loggers replace `process.stdout`, so the lines go to the file `OUTERWARE_VERDICTS`.
 *
 * CommonJS, because mocha asks for it by `require()`, and a loader of TypeScript may have its hand in that.
 */
import type { EventEmitter } from 'node:events'
const { appendFileSync }: typeof import('node:fs') = require('node:fs')

interface Test {
  fullTitle(): string
}

class MochaReporter {
  constructor(runner: EventEmitter) {
    for (const verdict of ['pass', 'fail']) {
      runner.on(verdict, (test: Test) => note(verdict, test.fullTitle()))
    }
  }
}

function note(verdict: string, name: string): void {
  appendFileSync(String(process.env['OUTERWARE_VERDICTS']), `${JSON.stringify([verdict, name])}\n`)
}

module.exports = MochaReporter
