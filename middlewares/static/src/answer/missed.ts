/**
 * Paths that are no file.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import { splitList } from '@outerware/core/headers'
import type { Entry } from '../entry.ts'
import type { Settings } from '../settings.ts'
import type { Site } from '../site.ts'
import type { Answers, Maybe } from './answer.ts'
import { notFound } from './refuse.ts'

/** Answers for a path that is no file, or has no reading; with nothing, if that is the app's business. */
export type Miss = (path: string | undefined, request: Request, context: Context) => Maybe

/**
 * Makes the function that decides, in this order:
 *
 * 1. a file of another build: 404, and no cache keeps that; a page in its place would be taken for a script;
 * 2. the page of a single-page app, for what looks like a page;
 * 3. the app, under `fallthrough`;
 * 4. 404, with the page for that, if there is one.
 */
export function missed(site: Site, settings: Settings, answers: Answers): Miss {
  const { single, notFound: missingPage } = settings

  const singlePage: Miss = (path, request, context) => {
    if (single === undefined || path === undefined || !wantsHtml(request)) return undefined
    const page = singlePageAt(path, request, site, single)
    return page && (answers.atHand(page, request, context) ?? answers.file(page, request, context))
  }
  const last: Miss = (path, request, context) => {
    if (settings.fallthrough) return undefined
    const page = missingPage === undefined || path === undefined ? undefined : site.page(missingPage, path)
    return orElse(page && answers.missing(page, request, context), () => notFound(request, settings))
  }
  return (path, request, context) => {
    if (path !== undefined && site.isOfOtherBuild(path)) return notFound(request, settings)
    return orElse(singlePage(path, request, context), () => last(path, request, context))
  }
}

/** What is there, or else what comes next; at once if possible. */
export function orElse(answer: Maybe, next: () => Maybe): Maybe {
  if (answer === undefined) return next()
  return 'then' in answer ? answer.then((response) => response ?? next()) : answer
}

/** Tells whether the method is GET or HEAD. */
export function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

/**
 * The page of a single-page app that stands for a path: not for one whose last name has an extension, and not among
 * hashed files.
 */
export function singlePageAt(path: string, request: Request, site: Site, single: string): Entry | undefined {
  if (!isRead(request) || path.includes('.', path.lastIndexOf('/')) || site.isAmongHashed(path)) return undefined
  return site.page(single, path)
}

/** By name: `fetch()` takes anything, and would take a page for data. */
function wantsHtml({ headers }: Request): boolean {
  return splitList(headers.get('accept') ?? '').some((member) => {
    const [type = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase())
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
}
