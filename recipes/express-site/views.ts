/**
 * Eta templates, as an Express view engine and by themselves, and the few words they share.
 *
 * @module
 */
import { basename, relative } from 'node:path'
import { Eta } from 'eta'
import { recipeFile } from './folder.ts'

type Engine = (file: string, data: object, done: (error: unknown, html?: string) => void) => void

const folder = recipeFile('views')
const eta = new Eta({ views: folder, cache: true, autoTrim: false })

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

const words = {
  clock: (at: string | Date): string => clock.format(new Date(at)),
  day: (at: string | Date): string => day.format(new Date(at)),
}

/** Renders a template of `views/`; what it prints is escaped. */
export function render(name: string, data: object): string {
  return eta.render(`./${name}`, { ...words, page: basename(name), ...data })
}

/** The same for `app.engine()`, which hands over whole paths. */
export const etaEngine: Engine = (file, data, done) => {
  done(null, render(relative(folder, file).slice(0, -'.eta'.length), data))
}
