/**
 * What the site asks of GitHub, in little: a page to choose who one is, a token for a code, and four answers of the
 * API. For this machine, until there is an OAuth app.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto'
import { pathOf, respond, type App } from '@outerware/core'

/** Two who belong, and one who does not. */
export const people = [
  { id: 1, login: 'mairi', organizations: ['skerry'], teams: ['keepers'] },
  { id: 2, login: 'tomas', organizations: ['skerry', 'harbour'], teams: [] },
  { id: 3, login: 'rafe', organizations: ['ketch-hollin'], teams: [] },
] as const

type Person = (typeof people)[number]

/** Makes it. @param client the one site that it knows */
export function tryoutHub(client: { readonly id: string; readonly secret: string }): App {
  const codes = new Map<string, { person: Person; challenge: string }>()
  const tokens = new Map<string, Person>()

  const choose = (url: URL): Response => {
    const person = people.find(({ login }) => login === url.searchParams.get('as'))
    const ask = url.searchParams
    if (ask.get('client_id') !== client.id) return respond('Who is asking?\n', { status: 400 })
    if (person === undefined) {
      const links = people.map(
        ({ login }) => `<li><a href="${url.pathname}?${String(ask)}&amp;as=${login}">${login}</a></li>`,
      )
      return respond(`<!doctype html><title>Hub</title><h1>Who are you?</h1><ul>${links.join('')}</ul>\n`, {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      })
    }
    const code = randomUUID()
    codes.set(code, { person, challenge: ask.get('code_challenge') ?? '' })
    const back = new URL(ask.get('redirect_uri') ?? '')
    back.search = String(new URLSearchParams({ code, state: ask.get('state') ?? '' }))
    return respond(null, { status: 302, headers: { location: back.href } })
  }

  const exchange = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text())
    const known = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    // As GitHub does it: status 200, and an error of its own.
    if (form.get('client_secret') !== client.secret) return Response.json({ error: 'incorrect_client_credentials' })
    if (known?.challenge !== proof) return Response.json({ error: 'bad_verification_code' })
    const token = randomUUID()
    tokens.set(token, known.person)
    return Response.json({ access_token: token, token_type: 'bearer', scope: 'read:user,user:email,read:org' })
  }

  return (request) => {
    const path = pathOf(request)
    if (path === '/login/oauth/authorize') return choose(new URL(request.url))
    if (path === '/login/oauth/access_token') return exchange(request)
    const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    const said = answer(path, tokens.get(token))
    return said === undefined ? respond('404 Not Found\n', { status: 404 }) : Response.json(said)
  }
}

function answer(path: string | undefined, person: Person | undefined): unknown {
  if (person === undefined) return undefined
  const { id, login, organizations, teams } = person
  switch (path ?? '') {
    case '/api/v3/user':
      return { id, login, name: null }
    case '/api/v3/user/emails':
      return [{ email: `${login}@skerry.example`, primary: true, verified: true }]
    case '/api/v3/user/orgs':
      return organizations.map((organization) => ({ login: organization }))
    case '/api/v3/user/teams':
      return teams.map((slug) => ({ slug, organization: { login: organizations[0] } }))
    default:
      return undefined
  }
}
