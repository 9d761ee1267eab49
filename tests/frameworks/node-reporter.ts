/**
 * A reporter for `node --test`: one line of JSON for each test, `["pass" | "fail", "file > describe > test"]`.
 *
 * @module
 */
import { basename } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

export default async function* verdicts(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  /** The names of the tests that run, by depth. */
  const names: string[] = []
  for await (const { type, data } of events) {
    if (type === 'test:start') names.splice(data.nesting, names.length, data.name)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.skip !== undefined || data.todo !== undefined || data.details.type === 'suite') continue
    const path = [...names.slice(0, data.nesting), data.name]
    const file = data.file === undefined ? [] : [basename(data.file)]
    yield `${JSON.stringify([type.slice('test:'.length), [...file, ...path].join(' > ')])}\n`
  }
}
