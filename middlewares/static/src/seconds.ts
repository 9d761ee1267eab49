/**
 * Spans of time, as numbers of seconds or as texts with their unit.
 *
 * @module
 */

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 }

/**
 * Reads a span of time.
 *
 * @returns seconds, or `undefined` for what is neither a whole number >= 0 nor a text such as `'5m'`; a text without a
 *   unit is none, since other servers read it as milliseconds
 */
export function secondsOf(value: unknown): number | undefined {
  const [, count, unit = ''] = typeof value === 'string' ? (/^(\d+)([smhdy])$/.exec(value) ?? []) : []
  const seconds = count === undefined ? value : Number(count) * (units[unit] ?? 1)
  return typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : undefined
}
