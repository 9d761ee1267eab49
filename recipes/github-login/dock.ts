/**
 * The app: a page for anybody, and one for those who belong here.
 *
 * @module
 */
import { pathOf, respond, type App } from '@outerware/core'
import type { Auth } from '@outerware/oauth2'

/** On public pages there may be nobody: the compiler says so. */
export const dock: App<{ auth: Auth | undefined }> = (request, { auth }) => {
  const path = pathOf(request)
  if (path === '/') return page('The dry dock', auth === undefined ? '<a href="/plans">Plans</a>' : greeting(auth))
  if (path !== '/plans' || auth === undefined) return respond('404 Not Found\n', { status: 404 })
  return page('Plans', `<p>Nobody else has seen these.</p>${greeting(auth)}`)
}

function greeting({ claims, email, logoutURL }: Auth): string {
  const groups = Array.isArray(claims.groups) ? claims.groups.map(String).join(', ') : ''
  return `<p>This is <b>${escaped(String(claims.preferred_username))}</b>, ${escaped(email ?? 'without an address')}, of ${escaped(groups)}.
    <a href="${escaped(logoutURL)}">Sign out</a></p>`
}

function page(title: string, main: string): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${main}</html>\n`
  return respond(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
