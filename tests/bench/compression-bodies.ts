/** What is sent in the suites of compression: the same bytes by every server. */

export interface Page {
  readonly type: string
  readonly text: string
  /** Makes the text anew, as an app does that renders. */
  readonly render: () => string
}

const itemOf = (id: number): object => ({ id, name: `item ${id}`, price: (id * 7919) % 1000, tags: ['a', 'b'] })

function json(size: number): Page {
  const items = Array.from({ length: Math.round(size / 58) }, (_, id) => itemOf(id))
  const render = (): string => JSON.stringify(items)
  return { type: 'application/json; charset=utf-8', text: render(), render }
}

/** Prose of two thousand words, the first of them the most often. */
function prose(size: number): Page {
  let seed = 1
  const random = (below: number): number => {
    seed = Math.imul(seed, 1_103_515_245) + 12_345
    return (seed >>> 8) % below
  }
  const words = Array.from({ length: 2000 }, () => random(2 ** 24).toString(36))
  const chosen = Array.from({ length: size / 4 }, () => words[random(random(2000) + 1)])
  const text = chosen.join(' ').slice(0, size)
  return { type: 'text/plain; charset=utf-8', text, render: () => text }
}

/** By their paths, which are names of files too. */
export const pages: Readonly<Record<string, Page>> = {
  '/2.json': json(2048),
  '/16.json': json(16_384),
  '/1.txt': prose(1_048_576),
}

export function pageOf(path: string | undefined): Page {
  const page = pages[path ?? '']
  if (page === undefined) throw new Error(`There is no page ${path}`)
  return page
}

export const EVENTS_TYPE = 'text/event-stream'
const sentEvents = Array.from({ length: 10 }, (_, id) => `data: ${JSON.stringify(itemOf(id))}\n\n`)

/** Ten events, one in each turn of the event loop. */
export async function* events(): AsyncGenerator<Uint8Array> {
  for (const event of sentEvents) {
    yield Buffer.from(event)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
