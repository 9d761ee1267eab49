/**
 * The suite of kinds: the same bytes go to an app bare and wrapped, and what comes back, how the connection ends, and
 * what the app itself saw are compared.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { themes } from '../kinds/index.ts'
import { observeAll, type Observations, type Transform } from './compare.ts'
import type { Kind, WrappingName } from './kind.ts'
import { muteConsole } from './quiet.ts'
import type { MakeServer } from './run.ts'
import { timesAdded, viewOf } from './view.ts'
import { reported, wrappings } from './wrappings.ts'

const asItIs: Transform = (host) => host

/** Another server than the kinds ask for. */
export interface OtherServer {
  readonly make: MakeServer
  /** Options that it does not know: kinds that need one of them are not run. */
  readonly lacks: readonly string[]
}

/** @param wanted the wrappings */
export function fidelity(
  wanted: (name: WrappingName) => boolean,
  { make, lacks = [] }: Partial<OtherServer> = {},
): void {
  muteConsole()
  const isRun = ({ options = {} }: Kind): boolean => Object.keys(options).every((name) => !lacks.includes(name))
  const observe = (transform: Transform, fits: (kind: Kind) => boolean = () => true): Observations =>
    observeAll(transform, (kind) => isRun(kind) && fits(kind), make)

  let bare: Observations
  beforeAll(() => void (bare = observe(asItIs)))
  afterAll(() => void (bare = new Map()))

  describe.each(wrappings.filter(({ name }) => wanted(name)))('$name', (wrapping) => {
    const { name, closeness, wrapped } = wrapping
    let expected: Observations
    let shown: Observations
    beforeAll(() => {
      expected = wrapping.bare ? observe(wrapping.bare) : bare
      shown = observe(wrapped, (kind) => kind.exempt?.[name] === undefined)
    })

    // Those that no test has asked for, too: nothing runs on when the suite is over.
    afterAll(async () => {
      await Promise.allSettled([...expected.values(), ...shown.values()])
      // What they have seen are megabytes, which a process that is told to end would first have to clear away.
      shown = expected = new Map()
    })

    describe.each(themes)('$name', ({ kinds }) => {
      for (const kind of kinds) {
        const test = isRun(kind) && kind.exempt?.[name] === undefined ? it : it.skip
        test(kind.name, async () => {
          const alone = viewOf((await expected.get(kind))!, kind, { ...closeness, added: undefined })
          const outside = viewOf((await shown.get(kind))!, kind, closeness)
          expect(alone.trouble).toBeUndefined()
          expect(outside).toEqual(alone)
          if (closeness.added === undefined) return
          const { came, least, most } = timesAdded((await shown.get(kind))!, closeness.added)
          expect(came).toBeGreaterThanOrEqual(least)
          expect(came).toBeLessThanOrEqual(most)
        })
      }
    })

    it('reports no error: each app has an answer for its own', async () => {
      await Promise.allSettled(shown.values())
      expect(reported.splice(0)).toEqual([])
    })
  })
}
