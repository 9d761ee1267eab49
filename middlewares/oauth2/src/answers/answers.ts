/**
 * The gate's own answers: never stored, and no address of this site told to others (R7).
 *
 * @module
 */
import { respond } from '@outerware/core'
import { takesHtml } from '../gate/policy.ts'
import { html, policy, type Page } from './pages.ts'

/** Fields as pairs. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** An answer with words: a page for people, a problem document (RFC 9457) for programs. */
export interface Words extends Page {
  readonly status: number
  readonly headers?: Pairs
  /** More members of the problem document. */
  readonly members?: Readonly<Record<string, string>>
}

/** Sends the browser elsewhere, by GET and without the body whatever the method was (R6: 303, never 307). */
export function redirect(location: string, lines: readonly string[] = [], more: Pairs = []): Response {
  return respond(null, { status: 303, headers: [['location', location], ...always, ...more, ...cookies(lines)] })
}

/** Answers in the form that the client reads. */
export function say(request: Request, words: Words, lines: readonly string[] = []): Response {
  return isForPeople(request.headers) ? page(request, words, lines) : problem(request, words, lines)
}

/** Answers with a page. */
export function page(request: Request, words: Words, lines: readonly string[] = []): Response {
  const { status, headers = [] } = words
  const own: Pairs = [
    ['content-type', 'text/html; charset=utf-8'],
    ['content-security-policy', policy],
    ['x-content-type-options', 'nosniff'],
  ]
  return respond(bodyFor(request, html(words)), { status, headers: [...own, ...always, ...headers, ...cookies(lines)] })
}

/** Answers that only some methods are taken. */
export function methodNotAllowed(request: Request, methods: string): Response {
  const text = `This address takes ${methods} only.`
  return say(request, { status: 405, title: 'Method not allowed', text, headers: [['allow', methods]] })
}

const always: Pairs = [
  ['cache-control', 'no-store'],
  ['referrer-policy', 'no-referrer'],
]

/** Answers with a problem document, whoever has asked. */
export function problem(request: Request, words: Words, lines: readonly string[] = []): Response {
  const { status, title, text: detail, headers = [], members } = words
  const body = `${JSON.stringify({ title, status, detail, ...members })}\n`
  const type = ['content-type', 'application/problem+json'] as const
  return respond(bodyFor(request, body), { status, headers: [type, ...always, ...headers, ...cookies(lines)] })
}

function cookies(lines: readonly string[]): Pairs {
  return lines.map((line) => ['set-cookie', line] as const)
}

function bodyFor({ method }: Request, body: string): string | null {
  return method === 'HEAD' ? null : body
}

/** A page that is loaded, or a form that was sent: not the code of a page, though it may take html too. */
function isForPeople(headers: Headers): boolean {
  const mode = headers.get('sec-fetch-mode')
  return takesHtml(headers) && (mode === null || mode === 'navigate')
}
