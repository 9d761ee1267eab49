/**
 * Eta templates as an Express view engine, and the few words they share.
 *
 * @module
 */
import { basename, relative } from 'node:path'
import { Eta } from 'eta'

type Engine = (file: string, data: object, done: (error: unknown, html?: string) => void) => void

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

const words = {
  clock: (at: string | Date): string => clock.format(new Date(at)),
  day: (at: string | Date): string => day.format(new Date(at)),
}

/** Makes the engine for templates of one folder; what they print is escaped. */
export function etaViews(folder: string): Engine {
  const eta = new Eta({ views: folder, cache: true, autoTrim: false })
  return (file, data, done) => {
    const name = relative(folder, file).slice(0, -'.eta'.length)
    done(null, eta.render(`./${name}`, { ...words, page: basename(name), ...data }))
  }
}
