/**
 * The app's writes go through a Node filter with no web stream between; through others as a stream.
 *
 * @module
 */
import type { Duplex, Transform } from 'node:stream'
import { filtered, isNodeStream, type Stream } from '../../body.ts'
import type { BodyFilter } from '../../own/shapes.ts'
import { tellApp } from '../send/drain.ts'
import type { Hold } from './hold.ts'
import { divert } from './divert.ts'
import type { Sink } from './sink.ts'
import { streamWrites } from './stream-sink.ts'

/** What the app writes, behind the filters. */
export function filterWrites(hold: Hold, filters: readonly (() => BodyFilter)[]): Stream {
  const [make, ...rest] = filters
  const first = make?.()
  if (first === undefined || !isNodeStream(first)) {
    const source = streamWrites(hold)
    return first === undefined ? source : filtered(source, [() => first, ...rest])
  }
  divert(hold, into(hold, first))
  return rest.length === 0 ? first : filtered(first, rest)
}

function into(hold: Hold, filter: Transform): Sink {
  filter.on('drain', () => tellApp(hold.res))
  return {
    isFull: () => filter.writableNeedDrain,
    write: (chunk, encoding, callback) =>
      encoding === undefined ? filter.write(chunk, callback) : filter.write(chunk, encoding, callback),
    end(chunk, encoding) {
      if (chunk === undefined) filter.end()
      else if (encoding === undefined) filter.end(chunk)
      else filter.end(chunk, encoding)
    },
    flush() {
      if (canFlush(filter)) filter.flush()
    },
    abort(error) {
      filter.destroy(error)
      return true
    },
  }
}

function canFlush(filter: Duplex): filter is Duplex & { flush(): void } {
  return 'flush' in filter && typeof filter.flush === 'function'
}
