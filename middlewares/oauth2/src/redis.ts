/**
 * Sessions in Redis, for sites that run on several machines. Redis 5 or later, by the npm package `redis` 4 or later.
 *
 * @module redis
 */
import { OptionError } from '@outerware/core'
import { redisLock } from './store/redis-lock.ts'
import type { SessionStore } from './store/store.ts'

export type { Eventually, SessionStore } from './store/store.ts'

/** What is needed of a client of the npm package `redis`: `createClient()`, `createClientPool()`. */
export interface RedisClient {
  /** Sends one command, and promises its reply: a text, a number, a list, or `null`. */
  sendCommand(command: string[]): Promise<unknown>
}

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * Comes before every key. Sites on one Redis do not see each other's sessions in any case: values are sealed.
   *
   * @default 'outerware:'
   */
  readonly prefix?: string
}

/**
 * Makes a store in Redis, with a lock: one refresh for all machines. Connect the client yourself, and listen to its
 * `error` event.
 *
 * The lock is `SET NX PX` with a token, renewed while it is held and given back by who holds the token only, so a slow
 * provider loses no lease and a machine that died blocks nobody for longer than its time to live. All of it is on one
 * Redis: where a replica takes over, two machines may hold the lock once.
 *
 * @throws {@link OptionError} `redisStore.client`, `redisStore.prefix`
 * @example
 * const client = await createClient({ url: 'redis://127.0.0.1' }).on('error', console.error).connect()
 * oidc({ …, session: { store: redisStore(client, { prefix: 'shop:' }) } })
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): SessionStore {
  const { prefix = 'outerware:' } = options
  if (typeof client?.sendCommand !== 'function')
    throw new OptionError('redisStore.client', 'a client of the npm package redis', client)
  if (typeof prefix !== 'string') throw new OptionError('redisStore.prefix', 'a string', prefix)
  const send = (...command: string[]): Promise<unknown> => client.sendCommand(command)
  return {
    async get(key) {
      const value = await send('GET', prefix + key)
      return typeof value === 'string' ? value : undefined
    },
    set: (key, value, { ttl }) => send('SET', prefix + key, value, 'EX', String(ttl)),
    delete: (key) => send('DEL', prefix + key),
    lock: (key, ttl) => redisLock(send, `${prefix}lock:${key}`, ttl),
    index: (set, key, ttl) => send('EVAL', addMember, '1', prefix + set, key, String(ttl)),
    async members(set) {
      const members = await send('EVAL', listMembers, '1', prefix + set)
      return Array.isArray(members) ? members.map(String) : []
    },
  }
}

/** A sorted set by the end of each member, in milliseconds, by the clock of Redis; the whole lasts as long as its last. */
const clock = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)"
const addMember = `${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2] * 1000, ARGV[1])
redis.call('PEXPIREAT', KEYS[1], redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2])`
const listMembers = `${clock}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')`
