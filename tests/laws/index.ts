/**
 * The laws of the contract (design, section 2), as one suite for any wrapper. To put yours under them, write
 * `tests/<your package>/laws.test.ts`:
 *
 *     import { laws } from '../laws/index.ts'
 *
 *     laws('compression()', () => compression(), {
 *       acts: (path, init) => get(path, { 'accept-encoding': 'gzip' }, init),
 *       varies: ['accept-encoding'],
 *     })
 *
 * The second parameter makes a fresh wrapper; the third says what the wrapper is about, see `LawsOptions`: with which
 * requests it has nothing to do (`passes`), with which it acts (`acts`), what it adds, which paths are its own. The more
 * it says, the more is asked. What comes out is looked at through each host of the web, too (`over-web.ts`). What must be
 * awaited before it can be made may be awaited at the top of the test.
 *
 * A law that your wrapper cannot keep is a fault of the wrapper, or of the law: mend one of them, and skip none. Each
 * law has a wrapper in `breakers.test.ts` that breaks it and is caught.
 */
import { describe, it } from '@jest/globals'
import type { Wrapper } from '@outerware/core'
import { lawsOfBodies } from './bodies.ts'
import { lawsOverNode } from './over-node.ts'
import { lawsOverWeb } from './over-web.ts'
import { lawsOfPassing } from './passing.ts'
import { lawsOfPaths } from './paths.ts'
import { lawsOfSharing } from './sharing.ts'
import type { Law, LawsOptions } from './subject.ts'

export type { LawsOptions } from './subject.ts'

export const allLaws: readonly Law[] = [
  ...lawsOfPassing,
  ...lawsOfBodies,
  ...lawsOfSharing,
  ...lawsOfPaths,
  ...lawsOverNode,
  ...lawsOverWeb,
]

/** Puts a wrapper under all laws that concern it. */
export function laws(name: string, make: () => Wrapper<any, any>, options: LawsOptions = {}): void {
  describe(`${name} keeps the laws`, () => {
    for (const law of allLaws) {
      if (law.concerns?.(options) ?? true) it(law.says, () => law.check({ make, options }))
    }
  })
}
