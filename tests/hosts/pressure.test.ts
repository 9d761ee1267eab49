/**
 * Backpressure and memory: a slow client slows the Node app down, through whatever stands between, and who leaves
 * frees all that was made for him.
 */
import { describe, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { after, filterBody, replaceBody, respond, type Wrapper } from '@outerware/core'
import type { NodeListener } from '@outerware/core/node'
import { around, reporting } from './harness/ask.ts'
import { requestOf } from './harness/kind.ts'
import { later, serving } from './harness/serving.ts'

const changed =
  (change: (response: Response) => Response | Promise<Response>): Wrapper =>
  (app) =>
  (request, context) =>
    after(app(request, context), change)

const ways: [string, Wrapper][] = [
  ['nothing', (app) => app],
  ['an async wrapper', (app) => async (request, context) => await app(request, context)],
  ['a Node filter', changed((r) => filterBody(r, () => new PassThrough()))],
  ['a web filter', changed((r) => filterBody(r, () => new TransformStream()))],
  [
    'two filters',
    changed((r) =>
      filterBody(
        filterBody(r, () => new PassThrough()),
        () => new PassThrough(),
      ),
    ),
  ],
  ['another Response', changed((r) => new Response(r.body, r))],
  ['its own body, given back as a stream', changed((r) => replaceBody(r, new Response(r.body).body))],
]

describe.each(ways)('a Node app that writes as long as it may, through %s,', (_, wrapper) => {
  // What sockets and streams on the way may hold, with room to spare; the app would write for ever.
  const bound = 20_000_000

  it('stops while its client does not read, and goes on when it does', async () => {
    let made = 0
    await serving(
      around(
        wrapper,
        writing((bytes) => (made += bytes)),
        reporting(),
      ),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.saw('\r\n\r\n')
        wire.pause()
        const stalled = await settled(() => made)
        expect(stalled).toBeLessThan(bound)
        wire.resume()
        await wire.sawBytes(stalled + 1_000_000)
        expect(made).toBeGreaterThan(stalled)
      },
    )
  })

  it('is told when its client leaves, and nothing is reported', async () => {
    const options = reporting()
    const closed = later<boolean>()
    const listener: NodeListener = (req, res) => {
      res.on('close', () => closed.resolve(res.writableFinished))
      return writing(() => {})(req, res)
    }
    await serving(around(wrapper, listener, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.sawBytes(100_000)
      wire.reset()
      expect(await closed.promise).toBe(false)
    })
    expect(options.errors).toEqual([])
  })
})

describe('a filter', () => {
  it('is destroyed when the client leaves', async () => {
    const closed = later()
    const filter = new PassThrough().on('close', () => closed.resolve())
    const wrapper = changed((r) => filterBody(r, () => filter))
    await serving(
      around(
        wrapper,
        writing(() => {}),
        reporting(),
      ),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.sawBytes(1000)
        wire.reset()
        await closed.promise
      },
    )
  })

  it('that fails cuts the connection, and never ends a short body as if it were whole', async () => {
    const wrapper = changed((r) =>
      filterBody(r, () => {
        const filter = new PassThrough()
        filter.once('data', () => setImmediate(() => filter.destroy(new Error('the filter broke'))))
        return filter
      }),
    )
    await serving(
      around(
        wrapper,
        writing(() => {}),
        reporting(),
      ),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.closed()
        await expect(wire.response()).rejects.toThrow('before a whole response')
      },
    )
  })
})

describe('clients that leave while their answers are held', () => {
  it('are forgotten, with all that was made for them', async () => {
    const contexts: WeakRef<object>[] = []
    const left = later()
    let gone = 0
    const holds: Wrapper = (app) => async (request, context) => {
      contexts.push(new WeakRef(context))
      await app(request, context)
      return new Promise((resolve) => {
        context.onFinish(() => {
          resolve(respond('too late'))
          if (++gone === clients) left.resolve()
        })
      })
    }
    const clients = 200
    await serving(
      around(holds, (_, res) => res.end('held'), reporting()),
      async ({ connect }) => {
        for (let i = 0; i < clients; i++) {
          const wire = connect()
          wire.send(requestOf('GET /'))
          await wire.opened()
          while (contexts.length <= i) await turn()
          wire.reset()
        }
        await left.promise
      },
    )
    await turn()
    expect(contexts).toHaveLength(clients)
    expect(await alive(contexts)).toBe(0)
  })
})

/** Writes for ever, as a well-behaved app does: stops at `false`, goes on at `drain`. */
function writing(count: (bytes: number) => void): NodeListener {
  const block = Buffer.alloc(65_536, 'outerware ')
  return (_, res) => {
    const more = (): void => {
      let ready = true
      for (let i = 0; i < 10 && ready && !res.destroyed; i++) {
        count(block.length)
        ready = res.write(block)
      }
      if (ready) setImmediate(more)
      else res.once('drain', more)
    }
    more()
  }
}

/** The value, once it has stood still for a while. */
async function settled(value: () => number): Promise<number> {
  for (let before = -1; before !== value();) {
    before = value()
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  return value()
}

/** How many are still there after the garbage was collected, and after some patience. */
async function alive(refs: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const count = (): number => refs.filter((ref) => ref.deref() !== undefined).length
  for (let i = 0; i < 250; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
    if (count() === 0) return 0
  }
  return count()
}
