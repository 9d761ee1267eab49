import { describe, expect, it } from '@jest/globals'
import { formatHttpDate, parseHttpDate } from '@outerware/core/headers'

const now = Date.parse('2026-11-20T12:00:00Z')

describe('parseHttpDate(field)', () => {
  it.each([
    // The examples of RFC 9110, section 5.6.7: one moment in three forms.
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['asctime', 'Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],

    ['asctime with two digits', 'Wed Nov 16 08:49:37 1994', '1994-11-16T08:49:37Z'],
    ['the beginning of time', 'Thu, 01 Jan 1970 00:00:00 GMT', '1970-01-01T00:00:00Z'],
    ['before it', 'Wed, 31 Dec 1969 23:59:59 GMT', '1969-12-31T23:59:59Z'],
    ['a leap day', 'Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00Z'],
    ['a leap second is the next minute', 'Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
    ['a year of the first century', 'Sat, 01 Jan 0094 00:00:00 GMT', '0094-01-01T00:00:00Z'],
    ['white space around', ' \tSun, 06 Nov 1994 08:49:37 GMT ', '1994-11-06T08:49:37Z'],
    ['a day of the week that is not that of the date', 'Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],

    ['RFC 850: this century', 'Friday, 20-Nov-26 12:00:01 GMT', '2026-11-20T12:00:01Z'],
    ['RFC 850: fifty years ahead', 'Friday, 20-Nov-76 12:00:00 GMT', '2076-11-20T12:00:00Z'],
    ['RFC 850: a second more than that is past', 'Saturday, 20-Nov-76 12:00:01 GMT', '1976-11-20T12:00:01Z'],
    ['RFC 850: the year 00', 'Saturday, 01-Jan-00 00:00:00 GMT', '2000-01-01T00:00:00Z'],
    ['RFC 850: the year 99', 'Friday, 01-Jan-99 00:00:00 GMT', '1999-01-01T00:00:00Z'],
  ])('%s: %s', (_, field, iso) => {
    expect(parseHttpDate(field, now)).toBe(Date.parse(iso))
  })

  it('knows all days and months', () => {
    for (let day = 0; day < 366; day++) {
      const ms = Date.UTC(2024, 0, 1 + day)
      expect(parseHttpDate(new Date(ms).toUTCString())).toBe(ms)
    }
  })

  it.each([
    ['an ISO date', '1994-11-06T08:49:37Z'],
    ['a number', '784111777'],
    ['nothing', ''],
    ['a date without a time', 'Sun, 06 Nov 1994'],
    ['another zone', 'Sun, 06 Nov 1994 08:49:37 CET'],
    ['a zone in figures', 'Sun, 06 Nov 1994 08:49:37 +0000'],
    ['no zone', 'Sun, 06 Nov 1994 08:49:37'],
    ['lower case, which is another thing here', 'sun, 06 nov 1994 08:49:37 gmt'],
    ['one digit for the day', 'Sun, 6 Nov 1994 08:49:37 GMT'],
    ['two digits for the year', 'Sun, 06 Nov 94 08:49:37 GMT'],
    ['an hour that is none', 'Sun, 06 Nov 1994 24:00:00 GMT'],
    ['a minute that is none', 'Sun, 06 Nov 1994 08:60:00 GMT'],
    ['a second that is none', 'Sun, 06 Nov 1994 08:49:61 GMT'],
    ['day zero', 'Sun, 00 Nov 1994 08:49:37 GMT'],
    ['the 31st of a month of 30 days', 'Thu, 31 Nov 1994 08:49:37 GMT'],
    ['the 29th of February in no leap year', 'Wed, 29 Feb 2023 00:00:00 GMT'],
    ['day 99', 'Sun, 99 Jan 1994 08:49:37 GMT'],
    ['a month that is none', 'Sun, 06 Foo 1994 08:49:37 GMT'],
    ['a day that is none', 'Foo, 06 Nov 1994 08:49:37 GMT'],
    ['RFC 850 with a short day', 'Sun, 06-Nov-94 08:49:37 GMT'],
    ['RFC 850 with a long year', 'Sunday, 06-Nov-1994 08:49:37 GMT'],
    ['RFC 850 with a day that is none', 'Sunday, 31-Feb-94 08:49:37 GMT'],
    ['asctime with a zero', 'Sun Nov 06 08:49:37 1994 GMT'],
    ['asctime with a hour that is none', 'Sun Nov  6 25:49:37 1994'],
    ['two dates', 'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT'],
    ['the old parameter of browsers', 'Sun, 06 Nov 1994 08:49:37 GMT; length=5'],
    ['100 KB of blanks', `Sun,${' '.repeat(100_000)}`],
    ['100 KB of digits', `Sun, ${'0'.repeat(100_000)} Nov`],
  ])('is undefined for %s', (_, field) => {
    expect(parseHttpDate(field, now)).toBeUndefined()
  })

  it('takes the clock of the machine, if none is given', () => {
    const [year] = new Date().getUTCFullYear().toString().slice(-2).split(',')
    const field = `Sunday, 15-Jan-${year} 00:00:00 GMT`
    expect(parseHttpDate(field)).toBe(Date.UTC(new Date().getUTCFullYear(), 0, 15))
  })
})

describe('formatHttpDate(ms)', () => {
  it.each([
    [784_111_777_000, 'Sun, 06 Nov 1994 08:49:37 GMT'],
    [784_111_777_999.9, 'Sun, 06 Nov 1994 08:49:37 GMT'],
    [0, 'Thu, 01 Jan 1970 00:00:00 GMT'],
    [-1000, 'Wed, 31 Dec 1969 23:59:59 GMT'],
    [Date.parse('9999-12-31T23:59:59.999Z'), 'Fri, 31 Dec 9999 23:59:59 GMT'],
    [Date.parse('0094-01-01T00:00:00Z'), 'Fri, 01 Jan 0094 00:00:00 GMT'],
  ])('%d: %s', (ms, field) => {
    expect(formatHttpDate(ms)).toBe(field)
    expect(parseHttpDate(field)).toBe(Math.floor(ms / 1000) * 1000)
  })

  it.each([Number.NaN, Infinity, Date.parse('+010000-01-01T00:00:00Z'), Date.parse('-000001-12-31T23:59:59Z')])(
    'throws a RangeError for %d, which no form can tell',
    (ms) => {
      expect(() => formatHttpDate(ms)).toThrow(RangeError)
    },
  )
})
