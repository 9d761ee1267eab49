/**
 * The pages. Their tags name what was built, by the names that it has in the sources.
 *
 * @module
 */
import { respond, type App } from '@outerware/core'
import type { StaticFiles } from '@outerware/static'

/** Makes the app. A name that no build knows throws here, when the site starts, and not when somebody comes. */
export function pages({ asset }: StaticFiles): App {
  const [script, style] = [asset('client/main.js'), asset('client/main.css')]
  const page = `<!doctype html>
<html lang="en">
<title>Knots</title>
<link rel="stylesheet" href="${style.url}" integrity="${style.integrity}" crossorigin>
<script type="module" src="${script.url}" integrity="${script.integrity}" crossorigin></script>
<h1>Knots</h1>
<p id="knot">Tied by a script.</p>
</html>
`
  return ({ url }) =>
    new URL(url).pathname === '/'
      ? respond(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
      : respond('There is no such page\n', { status: 404 })
}
