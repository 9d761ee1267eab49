/**
 * Work for several hands.
 *
 * @module
 */

/** Does something with each item, a number of them at the same time; rejects with the first error. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // All hands take from one iterator.
  const waiting = items.values()
  const hand = async (): Promise<void> => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: width }, hand))
}

/** Does some work when it is its turn. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>

/** Lets no more than so many do their work at the same time; the others wait in line. */
export function turns(width: number): Turn {
  let free = width
  const line: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
