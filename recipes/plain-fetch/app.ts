/**
 * No framework: an app is a function from Request to Response, and so is a site. One of the wrappers is our own.
 *
 *     request  ─▶ errors ─▶ entityTags ─▶ tides
 *     response ◀─ errors ◀─ 304, or a tag ◀─ tides
 *
 * @module
 */
import { compose, errors, type App } from '@outerware/core'
import { entityTags } from './entity-tags.ts'
import { tides } from './tides.ts'

/** The site: serve it, or call it. */
export const tideSite: App = compose(errors(), entityTags)(tides)
