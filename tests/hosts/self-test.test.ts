/** The self-test, which says whether Node's internals are what the bridge takes them for; if not, it does without. */
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { ServerResponse } from 'node:http'
import { ask } from './harness/ask.ts'

const restore: (() => void)[] = []
afterEach(() => {
  for (const undo of restore.splice(0)) undo()
})

/** Gives Node another `ServerResponse` for the time of a test. */
function change(name: string, descriptor: PropertyDescriptor): void {
  const target: object = ServerResponse.prototype
  const before = Object.getOwnPropertyDescriptor(target, name)
  restore.push(() => {
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, before)
  })
  Object.defineProperty(target, name, { configurable: true, ...descriptor })
}

/** Holds an answer by a bridge that is loaded anew, and tells what stands in Node's `_header` meanwhile. */
async function headerWhileHeld(undo: () => void): Promise<unknown> {
  jest.resetModules()
  const { fromNode, toNode } = await import('@outerware/core/node')
  const seen: unknown[] = []
  const inside = fromNode((_req, res) => {
    seen.push(res.headersSent)
    // What is spoilt is spoilt for the self-test only.
    undo()
    res.writeHead(201)
    seen.push(Reflect.get(res, '_header'))
    res.end('held')
  })
  const slow = async (...given: Parameters<typeof inside>): Promise<Response> => inside(...given)
  expect((await ask(toNode(slow), '/')).wire).toContain('201 Created')
  return seen[1]
}

describe('a Node whose internals are others runs in the safe mode:', () => {
  it.each<[string, string, PropertyDescriptor]>([
    ['headersSent does not go by _header', 'headersSent', { get: () => false }],
    ['_implicitHeader is missing', '_implicitHeader', { value: undefined, writable: true }],
    ['getRawHeaderNames is missing', 'getRawHeaderNames', { value: undefined }],
    ['late fields are not refused', 'setHeader', { value: () => {}, writable: true }],
  ])('%s', async (_, name, descriptor) => {
    change(name, descriptor)
    expect(await headerWhileHeld(() => restore.splice(0)[0]?.())).toBeNull()
  })

  it('which is not the Node of this test', async () => {
    expect(await headerWhileHeld(() => {})).toBe('held')
  })
})
