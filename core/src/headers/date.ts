/**
 * Dates of HTTP (RFC 9110, section 5.6.7).
 *
 * @module
 */

/**
 * Reads a date in any of the three forms; whoever receives must know all of them.
 *
 * @param now milliseconds since 1970; decides of which century a year of two digits is
 * @returns milliseconds since 1970, or `undefined` for what is no date of HTTP
 * @example
 * parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT') // 784111777000
 */
export function parseHttpDate(field: string, now: number = Date.now()): number | undefined {
  const text = field.trim()
  const fixed = imf.exec(text)
  if (fixed) return toMs(fixed[3]!, fixed[2]!, fixed[1]!, fixed[4]!)
  const old = rfc850.exec(text)
  if (old) return inThePast((year) => toMs(year, old[2]!, old[1]!, old[4]!), Number(old[3]), now)
  const asc = asctime.exec(text)
  if (asc) return toMs(asc[4]!, asc[1]!, asc[2]!.trim(), asc[3]!)
  return undefined
}

/**
 * Writes a date in the one form that may be sent.
 *
 * @param ms milliseconds since 1970; fractions of a second are cut
 * @throws RangeError for what is no time, or one after the year 9999
 */
export function formatHttpDate(ms: number): string {
  if (!(ms >= FIRST && ms <= LAST)) throw new RangeError(`A date of HTTP must be in the years 0 to 9999, got ${ms}`)
  return new Date(ms).toUTCString()
}

const [FIRST, LAST] = [Date.parse('0000-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')]

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const month = `(${months.join('|')})`
const time = String.raw`(\d\d:\d\d:\d\d)`
const imf = new RegExp(String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ${month} (\d{4}) ${time} GMT$`)
const rfc850 = new RegExp(String.raw`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-${month}-(\d\d) ${time} GMT$`)
const asctime = new RegExp(String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${month} ([ \d]\d) ${time} (\d{4})$`)

function toMs(year: string | number, name: string, day: string, clock: string): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  const date = Number(day)
  const index = months.indexOf(name)
  if (hours > 23 || minutes > 59 || seconds > 60 || date < 1) return undefined
  const midnight = new Date(0)
  midnight.setUTCFullYear(Number(year), index, date)
  if (midnight.getUTCMonth() !== index) return undefined
  return midnight.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000
}

/** A year of two digits that seems more than 50 years ahead is the most recent one in the past. */
function inThePast(dateIn: (year: number) => number | undefined, short: number, now: number): number | undefined {
  const today = new Date(now)
  const year = today.getUTCFullYear() - (today.getUTCFullYear() % 100) + short
  const limit = today.setUTCFullYear(today.getUTCFullYear() + 50)
  const date = dateIn(year)
  return date !== undefined && date > limit ? dateIn(year - 100) : date
}
