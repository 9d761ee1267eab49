/**
 * Bodies to try a wrapper with: endless ones, and ones that break.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { respond } from '@outerware/core'

/** Where a body ends that should never have been read so far, in bytes: somebody has kept it, or held nobody back. */
export const FAR = 8_388_608
/** A type that every wrapper would touch, if it touches any. */
export const init = { headers: { 'content-type': 'text/plain;charset=utf-8' } }

/** An endless body that counts its bytes, and knows when it was given up. */
export interface Endless {
  readonly response: Response
  made(): number
  freed(): boolean
}

export const endless: (() => Endless)[] = [
  () => {
    let [made, freed] = [0, false]
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (made > FAR) return controller.close()
        made += 16_384
        controller.enqueue(noise())
      },
      cancel: () => void (freed = true),
    })
    return { response: respond(body, init), made: () => made, freed: () => freed }
  },
  () => {
    let made = 0
    const body = new Readable({
      read() {
        made += 16_384
        this.push(made > FAR ? null : noise())
      },
    })
    return { response: respond(body, init), made: () => made, freed: () => body.destroyed }
  },
]

/** Bodies that fail after 16 KB. */
export const broken: ((reason: Error) => Response)[] = [
  (reason) => {
    let begun = false
    return respond(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          if (begun) return controller.error(reason)
          begun = true
          controller.enqueue(noise())
        },
      }),
      init,
    )
  },
  (reason) => {
    let begun = false
    const body = new Readable({
      read() {
        if (begun) return void this.destroy(reason)
        begun = true
        this.push(noise())
      },
    })
    return respond(body, init)
  },
]

/** 16 KB of text that no coding makes much smaller. */
function noise(): Buffer {
  return Buffer.from(randomBytes(12_288).toString('base64'))
}
