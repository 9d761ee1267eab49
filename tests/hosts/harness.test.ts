import { describe, expect, it } from '@jest/globals'
import { observeAll } from './harness/compare.ts'
import { muteConsole } from './harness/quiet.ts'
import { viewOf } from './harness/view.ts'
import { themes } from './kinds/index.ts'

muteConsole()

const exact = { wire: 'bytes', record: 'all' } as const

describe('bare against bare', () => {
  const left = observeAll((host) => host)
  const right = observeAll((host) => host)
  for (const { name, kinds } of themes) {
    describe(name, () => {
      for (const kind of kinds) {
        it(
          kind.name,
          async () => {
            const view = viewOf((await left.get(kind))!, kind, exact)
            if (process.env['SHOW'])
              console.log(view.wire.join('\n') + '\n' + view.record.join('\n') + '\n' + view.trouble)
            expect(view.trouble).toBeUndefined()
            expect(viewOf((await right.get(kind))!, kind, exact)).toEqual(view)
          },
          20_000,
        )
      }
    })
  }
})
