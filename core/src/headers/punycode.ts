/**
 * Names of other scripts in letters of ASCII: Punycode (RFC 3492), as IDNA writes it (RFC 5890, section 2.3.2.1).
 *
 * @module
 */

/**
 * Tells if every label that begins with `xn--` stands for one name, and that name is written so and not otherwise.
 *
 * The labels are decoded and a URL encodes them again. A URL alone does not tell: whether it refuses an `xn--` that
 * stands for nothing depends on the version of its parser.
 *
 * @param name a host name in lower case, of letters, digits, `-`, `_` and dots
 * @example
 * isTruePunycode('xn--bcher-kva.example') // true: bücher.example
 * isTruePunycode('xn--a.example') // false
 */
export function isTruePunycode(name: string): boolean {
  const labels: string[] = []
  for (const label of name.split('.')) {
    const decoded = label.startsWith('xn--') ? decode(label.slice(4)) : label
    if (decoded === undefined) return false
    labels.push(decoded)
  }
  const url = `http://${labels.join('.')}`
  return URL.canParse(url) && new URL(url).hostname === name
}

// The parameters of section 5.
const base = 36
const [least, most] = [1, 26]
const [skew, damp] = [38, 700]
const last = 0x10_ff_ff

/** Decodes what follows `xn--` (section 6.2). */
function decode(label: string): string | undefined {
  const dash = label.lastIndexOf('-')
  const points = Array.from(label.slice(0, Math.max(dash, 0)), (letter) => letter.charCodeAt(0))
  const written = points.length
  let [at, point, place, bias] = [dash + 1, 128, 0, 72]
  while (at < label.length) {
    const read = readNumber(label, at, bias)
    if (read === undefined) return undefined
    const count = points.length + 1
    place += read.value
    point += Math.floor(place / count)
    place %= count
    if (point > last) return undefined
    bias = adapt(read.value, count, points.length === written)
    points.splice(place++, 0, point)
    at = read.end
  }
  return String.fromCodePoint(...points)
}

/** Reads a number of digits whose worth grows by place (section 3.3); `undefined` if it breaks off or is too great. */
function readNumber(label: string, start: number, bias: number): { value: number; end: number } | undefined {
  let [value, weight] = [0, 1]
  for (let at = start, k = base; at < label.length; k += base) {
    const digit = parseInt(label[at++]!, base)
    if (Number.isNaN(digit)) return undefined
    // Letters are 0 to 25, digits 26 to 35; parseInt has it the other way round.
    const worth = digit < 10 ? digit + 26 : digit - 10
    value += worth * weight
    const threshold = Math.min(Math.max(k - bias, least), most)
    if (worth < threshold) return { value, end: at }
    weight *= base - threshold
    if (value > Number.MAX_SAFE_INTEGER / base || weight > Number.MAX_SAFE_INTEGER / base) return undefined
  }
  return undefined
}

/** The next bias (section 6.1). */
function adapt(delta: number, count: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? damp : 2))
  rest += Math.floor(rest / count)
  let k = 0
  for (; rest > ((base - least) * most) >> 1; k += base) rest = Math.floor(rest / (base - least))
  return k + Math.floor((base * rest) / (rest + skew))
}
