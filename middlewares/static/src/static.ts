/**
 * Static files for a whole site: found once, in WhiteNoise's manner, and answered as RFC 9110 and 9111 want it.
 *
 *     request ─▶ a file? ─(no)─────────────▶ app
 *                  │ yes
 *     200 206 304 ◀┘  response ◀──────────── app
 *
 * @module
 */
import {
  editHeaders,
  fromHooks,
  OptionError,
  pathOf,
  placed,
  type Context,
  type Hooks,
  type Place,
  type Wrapper,
} from '@outerware/core'
import { addVary } from '@outerware/core/headers'
import { Answers, type Maybe } from './answer/answer.ts'
import { isRead, missed, orElse, singlePageAt } from './answer/missed.ts'
import { Memory } from './answer/memory.ts'
import { mountWithoutSlash } from './answer/mount.ts'
import { notAllowed, redirect } from './answer/refuse.ts'
import { sparing } from './answer/sparing.ts'
import type { Asset } from './asset.ts'
import { Entry } from './entry.ts'
import type { StaticFilesOptions } from './options.ts'
import { settingsOf } from './settings.ts'
import { Site } from './site.ts'

/** What can be asked of static files beside serving them. */
export interface StaticFilesControls {
  /**
   * Scans the directories anew, between requests, and then puts the new list in the place of the old one at once.
   * Rejects as `staticFiles` throws; the old list stays.
   */
  readonly reload: () => Promise<void>
  /**
   * Gives a file by its name in a bundler's manifest (`src/main.ts`), or else by its path under the prefix.
   * Throws an `OptionError`, `staticFiles.asset(…)`, if there is none.
   */
  readonly asset: (name: string) => Asset
  /** Gives the URL paths of all files, percent-encoded and sorted, each file once: to warm a CDN, or for a service worker. */
  readonly urls: () => string[]
  /** Lets go of all files; requests then go to the app. */
  readonly close: () => void
}

/** A wrapper with {@link StaticFilesControls}. */
export interface StaticFiles extends Wrapper, StaticFilesControls {}

/** Hooks with {@link StaticFilesControls}. */
export interface StaticFilesHooks extends Hooks, StaticFilesControls {}

/**
 * Wraps an app so that GET and HEAD of files are answered before it.
 *
 * The directories are scanned when the wrapper is made; a request is one look-up of its path as `pathOf` reads it, so
 * only what was found can be reached. What is no file goes to the app. Keeps in memory what `cache` allows.
 *
 * Put it inside `compression()`, which leaves files that lie ready compressed alone, and outside of what asks who the
 * user is.
 *
 * @param options a directory, or {@link StaticFilesOptions}
 * @throws {@link OptionError} `staticFiles.…`, for a wrong option, and for a directory or page that is not there
 * @example
 * const files = staticFiles({ dir: 'dist', single: true })
 * export default files(app)
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function staticFiles(options: string | URL | StaticFilesOptions): StaticFiles {
  refuseSecond(arguments[1])
  const { reload, asset, urls, close, ...hooks } = staticFilesHooks(options)
  return Object.assign(placed(place, fromHooks(hooks)), { reload, asset, urls, close })
}

/** Others have options there, and options that nobody reads would be defaults. */
function refuseSecond(given: unknown): void {
  if (typeof given !== 'object') return
  const instead = "write staticFiles({ dir: 'public', … }), with the options beside the directory"
  throw new OptionError('staticFiles(…)', 'called with one argument', given, false, instead)
}

const place: Place = {
  name: 'staticFiles',
  outside: {
    oidc: 'so that files, those of a sign-in page too, are for the signed-in alone',
    oauth2: 'so that files, those of a sign-in page too, are for the signed-in alone',
  },
  repeats: true,
}

/** The same for a framework that runs hooks itself; see {@link staticFiles}. */
export function staticFilesHooks(options: string | URL | StaticFilesOptions): StaticFilesHooks {
  const settings = settingsOf(typeof options === 'string' || options instanceof URL ? { dir: options } : options)
  const memory = new Memory(settings.maxTotal)
  const site = new Site(settings, memory)
  const answers = new Answers(settings, memory)
  const miss = missed(site, settings, answers)
  // With a closure, so apart from what most requests take.
  const serve = (file: Entry, path: string, request: Request, context: Context): Maybe =>
    orElse(answers.file(file, request, context), () => miss(path, request, context))
  const hooks: Hooks = {
    request(request, context) {
      const reads = isRead(request)
      if (!reads && settings.fallthrough) return undefined
      const path = pathOf(request)
      const target = path === undefined ? undefined : site.find(path)
      if (path === undefined || target === undefined) return miss(path, request, context)
      if (!reads) return notAllowed(request, settings)
      if (!(target instanceof Entry)) return redirect(target, path, request, settings)
      const mount = settings.redirect ? mountWithoutSlash(path, context) : undefined
      if (mount !== undefined) return redirect('to-directory', mount, request, settings)
      return answers.atHand(target, request, context) ?? serve(target, path, request, context)
    },
    ...(settings.single === undefined ? {} : { response: varyByAccept(site, settings.single) }),
  }
  return {
    ...(settings.dev ? sparing(hooks, settings) : hooks),
    reload: () => site.reload(),
    asset: (name) => site.asset(name),
    urls: () => site.urls(),
    close: () => site.close(),
  }
}

/** Where the page of a single-page app stands for a path, Accept decides between it and the app (RFC 9110, 12.5.5). */
function varyByAccept(site: Site, single: string): NonNullable<Hooks['response']> {
  return (response, request) => {
    const path = pathOf(request)
    const isChoice =
      path !== undefined && site.find(path) === undefined && singlePageAt(path, request, site, single) !== undefined
    return isChoice ? editHeaders(response, (headers) => addVary(headers, 'accept')) : response
  }
}
