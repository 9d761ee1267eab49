import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { memoryStore, type SessionStore } from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { clock, overRedis } from './support/index.ts'

/** What every store promises. */
function promises(make: () => Promise<SessionStore>): void {
  let store: SessionStore
  beforeAll(async () => {
    store = await make()
  })

  it('gives back what was set, and nothing for what was not', async () => {
    await store.set('a', 'one', { ttl: 60 })
    expect(await store.get('a')).toBe('one')
    await store.set('a', 'two – ✓', { ttl: 60 })
    expect(await store.get('a')).toBe('two – ✓')
    expect((await store.get('b')) ?? 'nothing').toBe('nothing')
  })

  it('forgets what is deleted; deleting it again is no error', async () => {
    await store.set('gone', 'x', { ttl: 60 })
    await store.delete('gone')
    await store.delete('gone')
    expect((await store.get('gone')) ?? 'nothing').toBe('nothing')
  })

  it('lists the members of a set, each once', async () => {
    await store.index!('set', 'one', 60)
    await store.index!('set', 'two', 60)
    await store.index!('set', 'one', 120)
    expect([...(await store.members!('set'))].sort()).toEqual(['one', 'two'])
    expect(await store.members!('empty')).toEqual([])
  })

  it('gives a lock to one at a time, and to all in the end', async () => {
    let [inside, most, done] = [0, 0, 0]
    const enter = async (): Promise<void> => {
      const release = await store.lock!('lock', 10)
      most = Math.max(most, ++inside)
      await sleep(5)
      inside -= 1
      done += 1
      await release()
    }
    await Promise.all(Array.from({ length: 8 }, enter))
    expect([most, done]).toEqual([1, 8])
  })

  it('locks by name: another one is free', async () => {
    const release = await store.lock!('this', 10)
    const other = await store.lock!('that', 10)
    await other()
    await release()
  })
}

describe('memoryStore()', () => {
  promises(async () => memoryStore())

  it('answers at once', () => {
    const store = memoryStore()
    store.set('a', 'one', { ttl: 60 })
    expect(store.get('a')).toBe('one')
  })

  it('keeps values, and members of sets, for as long as was said', () => {
    const time = clock()
    const store = memoryStore()
    store.set('a', 'one', { ttl: 60 })
    store.index!('set', 'short', 60)
    store.index!('set', 'long', 120)
    time.forward(59)
    expect([store.get('a'), store.members!('set')]).toEqual(['one', ['short', 'long']])
    time.forward(2)
    expect([store.get('a'), store.members!('set')]).toEqual([undefined, ['long']])
    time.restore()
  })

  it('holds so many values: the one that was written first goes', () => {
    const store = memoryStore({ entries: 3 })
    for (const key of ['a', 'b', 'c', 'a', 'd']) store.set(key, key, { ttl: 60 })
    expect(['a', 'b', 'c', 'd'].map((key) => store.get(key))).toEqual(['a', undefined, 'c', 'd'])
  })

  it('holds so many characters, of names and values', () => {
    const store = memoryStore({ size: 30 })
    for (const key of ['a', 'b', 'c', 'd']) store.set(key, 'x'.repeat(9), { ttl: 60 })
    expect(['a', 'b', 'c', 'd'].filter((key) => store.get(key) !== undefined)).toEqual(['b', 'c', 'd'])
    store.set('large', 'x'.repeat(100), { ttl: 60 })
    expect(store.get('large')).toBeUndefined()
  })

  it.each([
    [{ entries: 0 }, 'memoryStore.entries must be a whole number >= 1, got 0'],
    [{ size: 1.5 }, 'memoryStore.size must be a whole number >= 1, got 1.5'],
  ])('refuses %j', (options, message) => {
    expect(() => memoryStore(options)).toThrow(message)
  })
})

overRedis('redisStore() over a real Redis', (redis) => {
  describe('is a store, and', () => {
    promises(async () => redisStore(await redis().client(), { prefix: 'promises:' }))
  })

  it('puts its prefix before every name, and has one of its own', async () => {
    const client = await redis().client()
    await redisStore(client, { prefix: 'shop:' }).set('a', 'one', { ttl: 60 })
    await redisStore(client).set('a', 'two', { ttl: 60 })
    expect([await client.get('shop:a'), await client.get('outerware:a')]).toEqual(['one', 'two'])
  })

  it('lets values end by themselves', async () => {
    const client = await redis().client()
    const store = redisStore(client)
    await store.set('short', 'x', { ttl: 100 })
    const ttl = await client.ttl('outerware:short')
    expect(ttl).toBeGreaterThan(90)
    expect(ttl).toBeLessThanOrEqual(100)
  })

  it('lets members end one by one, and a set with its last', async () => {
    const client = await redis().client()
    const store = redisStore(client)
    await store.index!('ends', 'long', 100)
    await store.index!('ends', 'short', 1)
    expect(await client.ttl('outerware:ends')).toBeGreaterThan(90)
    await expectSoon(async () => expect(await store.members!('ends')).toEqual(['long']))
  })

  it('renews a lock for as long as it is held', async () => {
    const client = await redis().client()
    const store = redisStore(client)
    const release = await store.lock!('renewed', 4)
    const first = await client.get('outerware:lock:renewed')
    // Two and a half times its time to live: without a renewal it would be gone.
    await sleep(10_000)
    expect(await client.get('outerware:lock:renewed')).toBe(first)
    await release()
    expect(await client.get('outerware:lock:renewed')).toBeNull()
  })

  it('gives back its own lock only: who has lost it takes none away', async () => {
    const client = await redis().client()
    const store = redisStore(client)
    const release = await store.lock!('lost', 10)
    // As if it had run out while this process stood still, and another machine had taken it.
    await client.set('outerware:lock:lost', 'of another machine')
    await release()
    expect(await client.get('outerware:lock:lost')).toBe('of another machine')
  })

  it('renews its own lock only', async () => {
    const client = await redis().client()
    const store = redisStore(client)
    const release = await store.lock!('taken', 1)
    await client.set('outerware:lock:taken', 'of another machine', { expiration: { type: 'PX', value: 1500 } })
    await expectSoon(async () => expect(await client.get('outerware:lock:taken')).toBeNull())
    await release()
  })

  it('gets the lock of a machine that has died, when its time is over', async () => {
    const client = await redis().client()
    await client.set('outerware:lock:dead', 'of a dead machine', { expiration: { type: 'PX', value: 300 } })
    const release = await redisStore(client).lock!('dead', 10)
    await release()
  })

  it('is safe from what is in a name or a value: nothing is a command', async () => {
    const store = redisStore(await redis().client())
    const name = "x' ]] redis.call('FLUSHALL')\r\nFLUSHALL\r\n"
    await store.set('kept', 'x', { ttl: 60 })
    await store.set(name, name, { ttl: 60 })
    await store.index!(`set ${name}`, name, 60)
    const found = [await store.get(name), await store.members!(`set ${name}`), await store.get('kept')]
    expect(found).toEqual([name, [name], 'x'])
  })
})

it.each([
  [{ client: undefined }, 'redisStore.client must be a client of the npm package redis, got undefined'],
  [{ client: {} }, 'redisStore.client must be a client of the npm package redis, got {}'],
  [{ client: { sendCommand: async () => {} }, prefix: 1 }, 'redisStore.prefix must be a string, got 1'],
])('redisStore() refuses %j', ({ client, prefix }: { client: unknown; prefix?: unknown }, message) => {
  // Wrong on purpose, as JavaScript code may be.
  expect(() => redisStore(client as never, prefix === undefined ? {} : ({ prefix } as never))).toThrow(message)
})

/** Tries for half a minute. */
async function expectSoon(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check()
    } catch (error) {
      if (tries > 150) throw error
      await sleep(200)
    }
  }
}
