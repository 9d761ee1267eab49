/**
 * The templates, and the few words they share.
 *
 * @module
 */
import { Eta } from 'eta'
import type { Renderer } from '@outerware/core/inner'
import { recipeFile } from './folder.ts'

const eta = new Eta({ views: recipeFile('views'), cache: true, autoTrim: false })

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Renders a template of `views/`; what it prints is escaped. */
export const renderPage: Renderer = (template, data) =>
  eta.render(`./${String(template)}`, { clock: (at: Date) => clock.format(at), ...data })
