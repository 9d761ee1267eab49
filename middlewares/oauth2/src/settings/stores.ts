/**
 * Options of stores: the one of the sessions, and the one of what the provider has ended.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { OidcOptions } from '../options/options.ts'
import { isInMemory, memoryStore } from '../store/memory-store.ts'
import { patient } from '../store/patient.ts'
import type { LockingStore, SessionStore } from '../store/store.ts'
import { object } from './checks.ts'

/** Where it is remembered which sessions have ended, for those that cannot be deleted. */
export interface Denylist {
  readonly store: SessionStore
  /** Others write into it too. */
  readonly isShared: boolean
}

/** What the provider may do by itself. */
export interface Backchannel {
  readonly isOpen: boolean
  /** `undefined` where nothing needs to be remembered. */
  readonly denylist: Denylist | undefined
}

/** A store that can keep something, and that nobody waits for too long. */
export function storeOf(option: string, value: unknown): SessionStore {
  if (!isStore(value)) throw new OptionError(option, 'a store with get, set and delete, such as memoryStore()', value)
  return patient(value)
}

/** A store with locks, where the sessions are in none. */
export function coordinatorOf(value: unknown, store: SessionStore | undefined): LockingStore | undefined {
  if (value === undefined) return undefined
  const option = 'oidc.refresh.coordinator'
  if (store !== undefined) throw new OptionError(option, 'left out where there is a session.store', value)
  const shared = storeOf(option, value)
  if (!hasLocks(shared)) throw new OptionError(option, 'a store that has locks, such as redisStore()', value)
  return shared
}

/** Whether the provider may end sessions, and how. */
export function backchannelOf(value: OidcOptions['backchannelLogout'], store: SessionStore | undefined): Backchannel {
  const option = 'oidc.backchannelLogout'
  const given = value ?? store !== undefined
  if (given === false) return { isOpen: false, denylist: undefined }
  if (given === true) return { isOpen: true, denylist: denylistBeside(store) }
  if (typeof given !== 'object') throw new OptionError(option, 'true, false or { store }', given)
  if (store !== undefined) throw new OptionError(option, 'true or false where there is a session.store', given)
  const shared = storeOf(`${option}.store`, object(option, given, ['store']).store)
  return { isOpen: true, denylist: { store: shared, isShared: true } }
}

/** A store that other machines use too; one in memory has no more to tell than this process knows. */
export function sharedOf(
  store: SessionStore | undefined,
  coordinator: LockingStore | undefined,
  { denylist }: Backchannel,
): SessionStore | undefined {
  return [store, denylist?.store, coordinator].find((each) => each !== undefined && !isInMemory(each))
}

/** A store with an index finds the sessions themselves. */
function denylistBeside(store: SessionStore | undefined): Denylist | undefined {
  if (store === undefined) return { store: memoryStore(), isShared: false }
  return store.index !== undefined && store.members !== undefined ? undefined : { store, isShared: true }
}

function isStore(value: unknown): value is SessionStore {
  if (typeof value !== 'object' || value === null) return false
  return ['get', 'set', 'delete'].every((name) => typeof Reflect.get(value, name) === 'function')
}

function hasLocks(store: SessionStore): store is LockingStore {
  return typeof store.lock === 'function'
}
