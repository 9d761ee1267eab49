/**
 * Bare against wrapped, byte for byte: for each kind of request and each way of wrapping, the same bytes go to both,
 * and what comes back, how the connection ends, and what the app itself saw are compared.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { observeAll, type Observations, type Transform } from './harness/compare.ts'
import { muteConsole } from './harness/quiet.ts'
import { timesAdded, viewOf } from './harness/view.ts'
import { reported, wrappings } from './harness/wrappings.ts'
import { themes } from './kinds/index.ts'

muteConsole()

const asItIs: Transform = (host) => host
const patience = 60_000

let bare: Observations
beforeAll(() => void (bare = observeAll(asItIs)))

describe.each(wrappings)('$name', (wrapping) => {
  const { name, closeness, wrapped } = wrapping
  let expected: Observations
  let shown: Observations
  beforeAll(() => {
    expected = wrapping.bare ? observeAll(wrapping.bare) : bare
    shown = observeAll(wrapped, (kind) => kind.exempt?.[name] === undefined)
  })

  // Those that no test has asked for, too: nothing runs on when the suite is over.
  afterAll(async () => void (await Promise.allSettled([...expected.values(), ...shown.values()])), patience)

  describe.each(themes)('$name', ({ kinds }) => {
    for (const kind of kinds) {
      const test = kind.exempt?.[name] === undefined ? it : it.skip
      test(
        kind.name,
        async () => {
          const alone = viewOf((await expected.get(kind))!, kind, { ...closeness, added: undefined })
          const outside = viewOf((await shown.get(kind))!, kind, closeness)
          expect(alone.trouble).toBeUndefined()
          expect(outside).toEqual(alone)
          if (closeness.added === undefined) return
          const { came, least, most } = timesAdded((await shown.get(kind))!, closeness.added)
          expect(came).toBeGreaterThanOrEqual(least)
          expect(came).toBeLessThanOrEqual(most)
        },
        patience,
      )
    }
  })

  it('reports no error: each app has an answer for its own', async () => {
    await Promise.allSettled(shown.values())
    expect(reported.splice(0)).toEqual([])
  })
})
