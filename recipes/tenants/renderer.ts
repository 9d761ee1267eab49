/**
 * The renderer of the site: Eta templates.
 *
 * @module
 */
import { Eta } from 'eta'
import type { Renderer } from '@outerware/core/inner'
import { recipeFile } from './folder.ts'

const eta = new Eta({ views: recipeFile('views'), cache: true, autoTrim: false })

/** Renders a template of `views/`; what it prints is escaped. */
export const renderPage: Renderer = (template, data) => eta.render(`./${String(template)}`, data)
