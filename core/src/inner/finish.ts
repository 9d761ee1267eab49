/**
 * From what a view gives to a Response: what is lazy is rendered, once, late.
 *
 *     render(template, data) ─▶ render hooks, in order ─▶ the renderer ─▶ Response
 *
 * @module
 */
import type { Context } from '../app.ts'
import { respond } from '../respond.ts'
import { checkAnswer, eachInTurn, isThenable } from './answers.ts'
import type { Answer, Matched, SiteHooks } from './hooks.ts'
import { isLazy, nameOf, type Lazy, type Renderer } from './lazy.ts'

/** @param who begins the message, should it have given nothing: `The view article (/articles/:slug)` */
export type Finish = (
  given: Answer | Promise<Answer>,
  who: string,
  request: Request,
  context: Context & Partial<Matched>,
) => Response | Promise<Response>

export function finisher(renderer: Renderer | undefined, hooks: readonly SiteHooks[]): Finish {
  const told = hooks.filter((hook) => hook.render !== undefined)

  const renderLate = (lazy: Lazy, who: string, request: Request, context: Context): Response | Promise<Response> => {
    if (renderer === undefined) {
      throw new TypeError(`${who} gave render(…), but the site has no renderer: write site({ renderer, … })`)
    }
    if (!lazy.claim()) {
      throw new TypeError(`${who} gave a page that was rendered already: call render() anew for each request`)
    }
    const now = (): Response | Promise<Response> => {
      const page = renderer(lazy.template, lazy.data, request, context)
      return isThenable(page) ? Promise.resolve(page).then((text) => made(lazy, text, who)) : made(lazy, page, who)
    }
    const waiting = eachInTurn(told, (hook) => hook.render?.(lazy, request, context))
    return waiting === undefined ? now() : waiting.then(now)
  }

  const finish: Finish = (given, who, request, context) => {
    if (isThenable(given)) return Promise.resolve(given).then((later) => finish(later, who, request, context))
    const answer = checkAnswer(given, who)
    return isLazy(answer) ? renderLate(answer, who, request, context) : answer
  }
  return finish
}

function made({ template, status, headers }: Lazy, page: unknown, who: string): Response {
  if (typeof page === 'string') return respond(page, { status, headers })
  const what = page === null ? 'null' : typeof page
  throw new TypeError(`The renderer gave ${what} for render(${nameOf(template)}), not a string. ${who} asked for it`)
}
