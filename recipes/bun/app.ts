/**
 * A site on Bun: charts as files of Bun's own, the rest as JSON, with headers on all of it.
 *
 *     browser ─▶ errors ─▶ allowedHosts ─▶ securityHeaders ─▶ charts
 *
 * @module
 */
import { allowedHosts } from '@outerware/allowed-hosts'
import { compose, errors, pathOf, respond, type App } from '@outerware/core'
import { securityHeaders } from '@outerware/security-headers'

/** What is used of Bun: a file that is not read yet. */
export type OpenFile = (path: string) => Blob & { exists(): Promise<boolean> }

const sheets = [
  { name: 'skerry', scale: 10_000 },
  { name: 'ketch-hollin', scale: 25_000 },
]

/** Makes the site. @param open `Bun.file` */
export function chartSite(open: OpenFile): App {
  const charts: App = async (request) => {
    const path = pathOf(request)
    if (path === '/') return Response.json(sheets)
    const name = /^\/([a-z-]+)\.svg$/.exec(path ?? '')?.[1]
    const file = name === undefined ? undefined : open(`${import.meta.dirname}/files/${name}.svg`)
    if (!(await file?.exists())) return respond('Here be dragons\n', { status: 404 })
    // Wrappers change headers in place: the body stays a file, which Bun sends by itself.
    return new Response(file, { headers: { 'cache-control': 'public, max-age=3600' } })
  }
  return compose(errors(), allowedHosts(['localhost', '127.0.0.1']), securityHeaders())(charts)
}
