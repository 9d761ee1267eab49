/**
 * The tide at Skerry: two waves of the moon and the sun, added up. For looking at, not for navigation.
 *
 * @module
 */

/** A high or a low water. */
export interface Turn {
  readonly kind: 'high' | 'low'
  readonly at: Date
  /** Metres above chart datum. */
  readonly height: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MINUTE = HOUR / 60

const mean = 2.7
const moon = { period: 12.4206 * HOUR, amplitude: 1.55, phase: 1.1 }
const sun = { period: 12 * HOUR, amplitude: 0.52, phase: 2.3 }

/** Tells the height of the water, in metres above chart datum. */
export function heightAt(ms: number): number {
  const wave = ({ period, amplitude, phase }: typeof moon): number =>
    amplitude * Math.cos((2 * Math.PI * ms) / period - phase)
  return mean + wave(moon) + wave(sun)
}

/** Lists the high and low waters of the day (UTC) that holds this moment, in their order. */
export function turnsOfDay(ms: number): Turn[] {
  const start = Math.floor(ms / DAY) * DAY
  const turns: Turn[] = []
  for (let at = start; at < start + DAY; at += MINUTE) {
    const before = heightAt(at) - heightAt(at - MINUTE)
    const after = heightAt(at + MINUTE) - heightAt(at)
    if (before > 0 === after > 0) continue
    turns.push({ kind: before > 0 ? 'high' : 'low', at: new Date(at), height: round(heightAt(at)) })
  }
  return turns
}

/** Lists the next turns after this moment. */
export function nextTurns(ms: number, count: number): Turn[] {
  const upcoming = [0, 1, 2].flatMap((days) => turnsOfDay(ms + days * DAY)).filter((turn) => turn.at.getTime() > ms)
  return upcoming.slice(0, count)
}

/** Heights through the day (UTC) that holds this moment, every quarter of an hour: 97 of them, both midnights included. */
export function curveOfDay(ms: number): number[] {
  const start = Math.floor(ms / DAY) * DAY
  return Array.from({ length: 97 }, (_, i) => round(heightAt(start + i * 15 * MINUTE)))
}

function round(height: number): number {
  return Math.round(height * 100) / 100
}
