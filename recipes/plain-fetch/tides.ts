/**
 * The app: high and low water at Skerry, as a page and as JSON.
 *
 * @module
 */
import { pathOf, respond, type App } from '@outerware/core'

/** Answers `/` and `/tides.json?day=2026-06-21`. */
export const tides: App = (request) => {
  const path = pathOf(request)
  if (path !== '/' && path !== '/tides.json') return respond('No such water\n', { status: 404 })
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return respond('The tide takes no orders\n', { status: 405, headers: { allow: 'GET, HEAD' } })
  }
  const day = dayOf(new URL(request.url).searchParams.get('day'))
  if (day === undefined) return respond('day must be a date, such as 2026-06-21\n', { status: 400 })
  return path === '/' ? page(day) : json(day)
}

function dayOf(given: string | null): Date | undefined {
  if (given === null) return new Date(new Date().toISOString().slice(0, 10))
  const day = new Date(given)
  return /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(day.getTime()) ? day : undefined
}

function json(day: Date): Response {
  return respond(`${JSON.stringify(turnsOf(day))}\n`, { headers: { 'content-type': 'application/json' } })
}

function page(day: Date): Response {
  const rows = turnsOf(day).map(({ time, what, metres }) => `<tr><td>${time}<td>${what}<td>${metres} m`)
  const title = `Tides at Skerry, ${day.toISOString().slice(0, 10)}`
  return respond(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>` +
      `<table>${rows.join('\n')}</table></html>\n`,
    { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } },
  )
}

interface Turn {
  readonly time: string
  readonly what: 'high' | 'low'
  readonly metres: string
}

const minute = 60_000

/** The minutes at which the water turns. */
function turnsOf(day: Date): Turn[] {
  const turns: Turn[] = []
  for (let i = 0; i < 1440; i++) {
    const now = day.getTime() + i * minute
    const [before, here, after] = [heightAt(now - minute), heightAt(now), heightAt(now + minute)]
    const isTurn = (here >= before && here > after) || (here <= before && here < after)
    if (!isTurn) continue
    const time = new Date(now).toISOString().slice(11, 16)
    turns.push({ time, what: here > before ? 'high' : 'low', metres: here.toFixed(1) })
  }
  return turns
}

/** Two constituents, moon and sun. The coast is invented; their periods are not. Unit: metres. */
function heightAt(ms: number): number {
  const hours = ms / 3_600_000
  return 3 + 1.8 * Math.cos((2 * Math.PI * hours) / 12.420_601_2) + 0.6 * Math.cos((2 * Math.PI * hours) / 12)
}
