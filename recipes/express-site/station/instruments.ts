/**
 * The instruments on the roof. They are made of slow and quick waves, so that they look alive and need no state.
 *
 * @module
 */

/** What the instruments show at one moment. */
export interface Reading {
  /** ISO 8601, UTC. */
  readonly at: string
  /** Knots. */
  readonly wind: number
  /** Knots. */
  readonly gust: number
  /** Where the wind comes from: degrees from north, clockwise. */
  readonly direction: number
  /** Hectopascals. */
  readonly pressure: number
  /** Degrees Celsius. */
  readonly sea: number
}

/** Reads the instruments. */
export function readingAt(ms: number): Reading {
  const wind = 17 + 5 * wave(ms, 3600) + 3 * wave(ms, 47) + 1.5 * wave(ms, 7)
  return {
    at: new Date(ms).toISOString(),
    wind: round(wind),
    gust: round(wind + 4 + 2.5 * (1 + wave(ms, 13))),
    direction: Math.round((250 + 25 * wave(ms, 1900) + 9 * wave(ms, 31) + 360) % 360),
    pressure: round(1008 + 9 * wave(ms, 86_400) + 0.2 * wave(ms, 61)),
    sea: round(9.4 + 0.6 * wave(ms, 43_200) + 0.1 * wave(ms, 97)),
  }
}

/** Winds of the last two minutes, every two seconds, oldest first; in knots. */
export function windsBefore(ms: number): number[] {
  return Array.from({ length: 61 }, (_, i) => readingAt(ms - (60 - i) * 2000).wind)
}

/** A wave between -1 and 1; the period in seconds. */
function wave(ms: number, period: number): number {
  return Math.sin((2 * Math.PI * ms) / (period * 1000))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
