import type { App, Context, Wrapper } from '@outerware/core'
import { get, testContext } from '../support/index.ts'

/** What a wrapper says of itself, so that the laws know what to ask of it. */
export interface LawsOptions {
  /**
   * Makes a request that the wrapper lets pass to the app, with nothing to do for it. It has the headers, the method and
   * the body of `init`, and the path where any path will do.
   *
   * @default a request on http://site.test
   */
  passes?(path: string, init: RequestInit): Request
  /** Makes a request for which the wrapper does what it is for, and asks the app as well: with Accept-Encoding, say. */
  acts?(path: string, init: RequestInit): Request
  /** Lower-cased names of the fields that it puts on every response, or takes from it. */
  readonly adds?: readonly string[]
  /** Lower-cased names that it may add to Vary. */
  readonly varies?: readonly string[]
  /** Fields that it would set by itself, with a value that the app may say and that must come out as it is. */
  readonly respects?: Readonly<Record<string, string>>
  /** It has to wait for something with every request, so that nothing stays sync. */
  readonly waits?: boolean
  /** It makes a Response of every exception, as `errors()` does. */
  readonly catches?: boolean
  /** A path, ASCII with a letter after the slash, at which it answers in the place of the app. */
  readonly serves?: string
  /** A path, ASCII with a letter after the slash, which it lets pass, unlike others. */
  readonly lets?: string
  /** Makes a context with all that the wrapper needs from others. */
  context?(): Context
}

/** A wrapper before the law. */
export interface Subject {
  readonly make: () => Wrapper<any, any>
  readonly options: LawsOptions
  /** How an app is asked; directly, unless a host stands outside. */
  readonly ask?: Ask
}

export type Ask = (app: App<any>, request: Request) => Response | Promise<Response>

/** A law: what it says, and a check that throws where it is broken. */
export interface Law {
  readonly says: string
  /** Tells whether the wrapper falls under it. */
  readonly concerns?: (options: LawsOptions) => boolean
  /** It speaks of what comes out, so it is asked through the hosts of the web, too. */
  readonly hosted?: true
  check(subject: Subject): Promise<void>
}

/** Makes a request of one kind. */
export type MakeRequest = (path?: string, init?: RequestInit) => Request

/** A request that is none of the wrapper's business. */
export function passing({ options }: Subject): MakeRequest {
  return (path = '/', init = {}) => options.passes?.(path, init) ?? get(path, {}, init)
}

/** Every kind of request with which the app is asked. */
export function asking(subject: Subject): MakeRequest[] {
  const { acts } = subject.options
  return acts === undefined ? [passing(subject)] : [passing(subject), (path = '/', init = {}) => acts(path, init)]
}

export function contextFor({ options }: Subject): Context {
  return options.context?.() ?? testContext()
}

/** Asks an app that is wrapped already. */
export function askOf(subject: Subject): Ask {
  return subject.ask ?? ((app, request) => app(request, contextFor(subject)))
}

/** Sends one request through a fresh wrapper around the app. */
export function send(subject: Subject, app: App<any>, request: Request): Response | Promise<Response> {
  return askOf(subject)(subject.make()(app), request)
}
