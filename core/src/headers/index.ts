export { parseAcceptEncoding, preferredEncoding, type AcceptEncoding } from './accept-encoding.ts'
export { formatHttpDate, parseHttpDate } from './date.ts'
export {
  dictionaryPreamble,
  escapePattern,
  formatUseAsDictionary,
  mayUseDictionary,
  parseAvailableDictionary,
  parseDictionaryId,
  type DictionaryCoding,
  type UseAsDictionary,
} from './dictionary.ts'
export { isEntityTag, matchesStrongly, matchesWeakly, weaken } from './etag.ts'
export { hostOfUrl, namesOneHost, parseHost, type Host, type NodeFields } from './host.ts'
export { hasSome } from './has-some.ts'
export { hasDirective, splitList } from './lists.ts'
export { contentRange, parseRange, unsatisfiedRange, type ByteRange } from './range.ts'
export { addVary } from './vary.ts'
