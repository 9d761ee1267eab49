/**
 * What answers are made of is read: the tag of a file, once, and the bytes of small forms.
 *
 * @module
 */
import type { Entry } from '../entry.ts'
import type { Form } from '../form.ts'
import { isSettled } from '../stamp.ts'
import { lastModifiedOf, okFields } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { isUnchanged, openForm, readFully, type Opened } from './open.ts'
import type { Memory } from './memory.ts'
import { Prepared, type Growth } from './prepared.ts'
import { entityTag, isHashed, tagOfBytes, tagOfFile, tagOfStats } from './tag.ts'

/** Gives what a form's answers are made of; `undefined` if the file is not what the entry says any more. */
export type Load = (entry: Entry, form: Form) => Promise<Prepared | undefined>

/** Requests that want the same at the same time share one read. */
export function loader(settings: Settings, memory: Memory): Load {
  const running = new Map<Form, Promise<Prepared | undefined>>()
  return (entry, form) => {
    if (form.prepared !== undefined) return Promise.resolve(form.prepared)
    const shared = running.get(form)
    if (shared !== undefined) return shared
    const loading = load(entry, form, settings, memory).finally(() => running.delete(form))
    running.set(form, loading)
    return loading
  }
}

async function load(entry: Entry, form: Form, settings: Settings, memory: Memory): Promise<Prepared | undefined> {
  const { identity } = entry
  const bytes = await readSmall(entry, form, settings)
  const tag = bytes && identity && (await readTag(entry, identity, form === identity ? bytes : nothing, settings))
  // The entry may have got new forms while we read.
  if (tag === undefined || !entry.has(form)) return undefined
  const prepared = prepare(entry, form, tag.value, bytes?.value, settings)
  if (tag.settled) entry.tag = tag.value
  if (tag.settled && bytes?.settled && !settings.dev) memory.keep(form, prepared)
  return prepared
}

function prepare(
  entry: Entry,
  form: Form,
  opaque: string | undefined,
  body: Uint8Array | undefined,
  settings: Settings,
): Prepared {
  const tag = opaque === undefined ? undefined : entityTag(opaque, form)
  const modifiedMs = lastModifiedOf(entry, settings)
  const fields = okFields(entry, form, settings, { tag, modifiedMs })
  return new Prepared({ fields, tag, modifiedMs, body, growth: growthOf(form, opaque, settings) })
}

function growthOf(form: Form, opaque: string | undefined, settings: Settings): Growth {
  if (form.coding !== 'identity') return 'none'
  return opaque !== undefined && isHashed(form, settings) ? { hash: opaque } : 'any'
}

/** What was read, and whether it may be kept. */
interface Read<T> {
  readonly value: T | undefined
  readonly settled: boolean
}

const nothing: Read<never> = { value: undefined, settled: true }

/** The bytes of a form that is small enough to be kept; of another one nothing. */
async function readSmall(entry: Entry, form: Form, { maxFile }: Settings): Promise<Read<Uint8Array> | undefined> {
  if (form.size > maxFile) return nothing
  return read(entry, form, ({ handle }) => readFully(handle, 0, form.size))
}

/** The opaque part of the tags: known, or made of the bytes at hand, or of the file. */
async function readTag(
  entry: Entry,
  identity: Form,
  bytes: Read<Uint8Array>,
  settings: Settings,
): Promise<Read<string> | undefined> {
  if (settings.etag === false) return nothing
  if (entry.tag !== undefined) return { value: entry.tag, settled: true }
  if (!isHashed(identity, settings)) return read(entry, identity, tagOfStats)
  if (bytes.value !== undefined) return { value: tagOfBytes(bytes.value), settled: bytes.settled }
  return read(entry, identity, (file) => tagOfFile(file, identity.size))
}

/** Reads something of an open form, and makes sure that nobody wrote to it meanwhile. */
async function read<T>(
  entry: Entry,
  form: Form,
  use: (file: Opened) => Promise<T | undefined>,
): Promise<Read<T> | undefined> {
  const file = await openForm(entry, form)
  if (file === undefined) return undefined
  const settled = isSettled(file.stats)
  try {
    const value = await use(file)
    return value !== undefined && (await isUnchanged(file)) ? { value, settled } : undefined
  } finally {
    await file.handle.close()
  }
}
