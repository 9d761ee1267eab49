import { expect } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { growth, until } from '../support/index.ts'
import { asking, askOf, passing, type Law } from './subject.ts'

/** So many requests, each unlike all others, may leave so many bytes behind. */
const [REQUESTS, GROWTH] = [10_000, 1_048_576]

export const lawsOfSharing: Law[] = [
  {
    hosted: true,
    says: 'one wrapper value wraps two apps at once, and no request hears of another (8)',
    async check(subject) {
      for (const make of asking(subject)) {
        const wrapper = subject.make()
        const answers: (() => void)[] = []
        // All of them are asked before the last of them answers first.
        const named = (name: string): App => {
          return (request) =>
            new Promise((resolve) => {
              const headers = { 'x-law': `${name} ${request.headers.get('x-law')}` }
              answers.unshift(() => resolve(respond('a', { headers })))
            })
        }
        const [first, second] = [wrapper(named('first')), wrapper(named('second'))]
        const sent = [first, second, first].map((app, i) =>
          askOf(subject)(app, make('/', { headers: { 'x-law': `${i}` } })),
        )
        await until(() => answers.length === 3)
        for (const answer of answers) answer()
        const laws = (await Promise.all(sent)).map(({ headers }) => headers.get('x-law'))
        expect(laws).toEqual(['first 0', 'second 1', 'first 2'])
      }
    },
  },
  {
    says: `nothing grows: ${REQUESTS} requests, all of them different, leave less than a megabyte behind (8)`,
    async check(subject) {
      const app = subject.make()(() => respond('a'))
      const run = async (from: number, count: number): Promise<void> => {
        for (let i = from; i < from + count; i++) {
          const headers = { 'x-law': `law ${i}`, 'user-agent': `law/${i}` }
          await askOf(subject)(app, passing(subject)(`/law/${i}/${'x'.repeat(200)}`, { headers }))
        }
      }
      // What is made once, such as tables and compiled code, is made by then.
      await run(0, 1000)
      expect(await growth(GROWTH, (round) => run(1000 + round * REQUESTS, REQUESTS))).toBeLessThan(GROWTH)
    },
  },
]
