/**
 * The app: one page for every path of the client's router, and an API for its notes.
 *
 * @module
 */
import { pathOf, respond, type App } from '@outerware/core'
import type { Auth } from '@outerware/oauth2'
import type { Nonce } from '@outerware/security-headers'

/** @param page `index.html`, in which Vite has written the placeholder of `vite.config.ts` */
export function notes(page: string): App<{ auth: Auth } & Nonce> {
  const kept = new Map<string, string[]>()
  return async (request, { auth, nonce }) => {
    const path = pathOf(request) ?? ''
    if (path === '/signed-in') return html(signedIn.replaceAll('{{nonce}}', nonce))
    if (!path.startsWith('/api/')) return html(page.replaceAll('{{nonce}}', nonce))
    if (path !== '/api/notes') return respond('404 Not Found\n', { status: 404 })

    const own = kept.get(auth.sub) ?? []
    if (request.method === 'POST') {
      const note = (await request.text()).trim()
      if (note === '' || note.length > 2000) return respond('A note has 1 to 2000 characters\n', { status: 422 })
      kept.set(auth.sub, [...own, note])
    }
    return Response.json({ name: auth.email ?? auth.sub, notes: kept.get(auth.sub) ?? [] })
  }
}

/** A page with a nonce is for one reader. */
function html(body: string): Response {
  return respond(body, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'private, no-cache' },
  })
}

/** Where the second window lands: it tells the first one, and goes. */
const signedIn = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Signed in</title>
  <p>You are signed in. This window can be closed.</p>
  <script nonce="{{nonce}}">
    new BroadcastChannel('session').postMessage('signed in')
    close()
  </script>
</html>
`
