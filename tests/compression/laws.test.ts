import { compression, decompressRequest, isCompressible, type CompressionOptions } from '@outerware/compression'
import { laws, type LawsOptions } from '../laws/index.ts'
import { get } from '../support/index.ts'

// Vary goes on whatever could be coded, whoever asks. Only what the filter refuses is none of its business.
const filter: NonNullable<CompressionOptions['filter']> = (request, response) =>
  request.headers.has('accept-encoding') && isCompressible(response.headers.get('content-type'))

const asked = (coding: string): LawsOptions => ({
  passes: (path, init) => get(path, {}, init),
  acts: (path, init) => get(path, { 'accept-encoding': coding }, init),
  respects: { 'content-encoding': 'identity' },
})

laws('compression()', () => compression({ filter }), asked('gzip'))
laws('compression() that streams even the shortest', () => compression({ filter, syncThreshold: 0 }), asked('br'))
laws('decompressRequest()', () => decompressRequest())
