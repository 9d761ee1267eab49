/**
 * A response that nobody waits for, brought by public calls alone into a state in which Node refuses. What an app may
 * not do any more while its answer is held is done to the decoy: so the error, or the silence, is this Node's own.
 *
 * @module
 */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

/** What has been said on it. */
export interface DecoyState {
  readonly head?: boolean
  readonly ended?: boolean
  /** Its status is one without a body. */
  readonly bodiless?: boolean
}

/** @param like what it shall refuse like: a server may refuse a body where there may be none, or swallow it */
export function makeDecoy(
  like: ServerResponse,
  { head = false, ended = false, bodiless = false }: DecoyState,
): ServerResponse {
  const options: object = { rejectNonStandardBodyWrites: isStrict(like) }
  const decoy: ServerResponse = Reflect.construct(ServerResponse, [new IncomingMessage(new Socket()), options])
  decoy.statusMessage = like.statusMessage
  if (head || ended) decoy.writeHead(bodiless ? 204 : 200, 'OK')
  if (ended) decoy.end()
  decoy.on('error', (error) => void (like.destroyed || like.emit('error', error)))
  return decoy
}

function isStrict(res: ServerResponse): boolean {
  return Object(Object(res.req.socket).server).rejectNonStandardBodyWrites === true
}
