/**
 * Bytes before cut: an app that answers and then destroys its connection has, bare, handed its bytes to the kernel
 * before the cut. While they are held, the cut waits for them. (finalhandler cuts so on an error after `end`, and
 * `stream.pipeline` when a body fails half way.)
 *
 * `socket.end()` is put off in the same way: an app may answer and then close.
 *
 * Not put off are: errors of the kernel and the parser (they have a `code`), Node's own timeouts, a socket that is
 * not writable any more, and a cut before anything was said.
 *
 * A server that sweeps its idle connections is the second case; see sweep.ts.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { isHttp2, streamOf } from '../http2.ts'
import { messageOf } from '../inside.ts'
import { refuseWrite } from './chunk.ts'
import { heldFirst, holdOf } from './held.ts'
import type { Hold } from './hold.ts'
import { guardServer, isSweeping } from './sweep.ts'

const guarded = new WeakSet<object>()
/** On the socket itself, which stays for long and is one of many: an entry in a set costs more than a field. */
const guard: unique symbol = Symbol('outerware.guard')
const timedOut = new WeakSet<Socket>()
/** Holds whose `finish` is watched for a cut that waits. */
const watched = new WeakSet<Hold>()

/** Once for each connection: its `destroy` keeps the order of the app's bytes. */
export function guardSocket(res: ServerResponse): void {
  const { socket } = res
  if (isHttp2(res.req)) return guardStream(res)
  if (socket === null || socket === undefined) return
  if (socket.timeout) watchTimeout(socket)
  if (Object(socket)[guard] === true) return
  Object(socket)[guard] = true
  socket.destroy = destroyInOrder
  socket.end = endInOrder
  if ('server' in socket) guardServer(socket.server)
}

/** Between requests Node sets a timeout of its own, so one that is set now is meant for this one. */
function watchTimeout(socket: Socket): void {
  if (!socket.listeners('timeout').includes(noteTimeout)) socket.prependListener('timeout', noteTimeout)
}

function noteTimeout(this: Socket): void {
  timedOut.add(this)
}

/** A connection of HTTP/2 carries other answers, too: `req.socket.destroy()` is the end of one stream. */
function guardStream(res: ServerResponse): void {
  const stream = streamOf(res)
  if (stream === undefined || guarded.has(stream)) return
  guarded.add(stream)
  const { destroy } = stream
  stream.destroy = (error?: Error) => {
    // Where the client or its connection has gone, it is Node that destroys.
    const isOver = stream.closed || stream.session?.destroyed !== false || (error && 'code' in error)
    const hold = isOver ? undefined : sayingOn(res)
    if (hold === undefined) return destroy.call(stream, error)
    noteCut(hold, error)
    return stream
  }
}

/** The app's `res.destroy()`: for the app it is gone at once, on the wire after what the app said. */
export function destroyLater(hold: Hold, error: Error | undefined): unknown {
  const { res } = hold
  const saying = sayingOn(res)
  if (saying === undefined || res.socket === null) return hold.wire.destroy.call(res, error)
  hold.inner.destroyed = true
  if (isHttp2(res.req)) noteCut(saying, error)
  else res.socket.destroy(error)
  return res
}

/** The hold, if any, that keeps something which bare would have left by now. */
function sayingOn(res: ServerResponse): Hold | undefined {
  for (let hold = holdOf(res); hold !== undefined; hold = hold.outer) {
    if (hold.said && !hold.passing) return hold
  }
  return undefined
}

/** The hold, if any, of a whole answer that has not finished; once it has, its socket has another response, or none. */
function endedOn(res: ServerResponse): Hold | undefined {
  for (let hold = holdOf(res); hold !== undefined; hold = hold.outer) if (hold.ended) return hold
  const first = heldFirst(res)
  return first?.ended === true ? first : undefined
}

function noteCut(hold: Hold, error: Error | undefined): void {
  hold.cut ??= error === undefined ? [] : [error]
  if (hold.ended) return
  unsay(hold)
  // A body that is being read elsewhere must not look whole there.
  hold.sink?.abort(error ?? new Error('The app has cut its connection'))
}

/** Bare, what was written in the tick of the cut is lost. */
function unsay({ writes, ticking, tick }: Hold): void {
  if (writes === undefined || !ticking) return
  const first = writes.findIndex((write) => write.tick === tick)
  if (first === -1) return
  for (const { callback } of writes.splice(first)) refuseWrite(callback)
}

function destroyInOrder(this: Socket, error?: Error): Socket {
  const hold = error && 'code' in error ? undefined : waiting(this)
  if (hold === undefined) return Object.getPrototypeOf(this).destroy.call(this, error)
  if (!watched.has(hold)) cutOnFinish(this, hold)
  if (isSweeping()) return this
  noteCut(hold, error)
  return this
}

function endInOrder(this: Socket, ...given: never[]): Socket {
  // When the client has closed, it is Node that ends the socket, and nobody waits for what is held.
  const hold = this.readableEnded ? undefined : waiting(this)
  if (hold === undefined) return Reflect.apply(Object.getPrototypeOf(this).end, this, given)
  hold.closing ??= () => Reflect.apply(this.end, this, given)
  return this
}

/** The same for a socket, with the answer that is being written on it. */
function waiting(socket: Socket): Hold | undefined {
  const res = messageOf(socket)
  if (!res || !socket.writable || timedOut.has(socket)) return undefined
  return isSweeping() ? endedOn(res) : sayingOn(res)
}

/** What the app has cut is cut, when nothing of it waits any more. */
export function cutNow({ res, wire, cut = [] }: Hold): void {
  if (isHttp2(res.req)) wire.destroy.call(res, ...cut)
  else res.socket?.destroy(...cut)
}

function cutOnFinish(socket: Socket, hold: Hold): void {
  watched.add(hold)
  hold.res.once('finish', () =>
    process.nextTick(() => {
      // After a sweep, a pipelined answer that is in work keeps the connection.
      if (hold.cut !== undefined || !messageOf(socket)) socket.destroy(...(hold.cut ?? []))
    }),
  )
}
