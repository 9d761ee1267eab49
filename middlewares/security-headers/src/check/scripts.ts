/**
 * Scripts from elsewhere, by the Observatory's rules.
 *
 * @module
 */
import { htmlScripts, type ScriptTag } from './html.ts'
import { good, type Judgement, type ObservatoryCode } from './judgement.ts'
import type { Seen } from './seen.ts'

/** From the mildest to the worst, as the Observatory ranks them: the worst counts. */
const ranks: readonly ObservatoryCode[] = [
  'sri-implemented-but-external-scripts-not-loaded-securely',
  'sri-not-implemented-but-external-scripts-loaded-securely',
  'sri-not-implemented-and-external-scripts-not-loaded-securely',
]

/** Judges what the page loads; a script of the same site needs no integrity, and is praised for it. */
export function judgeScripts({ page, https }: Seen): Judgement[] {
  if (page.html === '') return [good('sri-not-implemented-response-not-html')]
  const scripts = htmlScripts(page.html)
  if (scripts.length === 0) return [good('sri-not-implemented-but-no-scripts-loaded')]
  const loaded = scripts.filter(({ src }) => src !== '')
  const foreign = loaded.filter(({ src }) => isForeign(src, page.url))
  const faults = foreign.flatMap(judgeForeign)
  if (faults.length > 0) return faults.toSorted((a, b) => ranks.indexOf(b.code) - ranks.indexOf(a.code))
  if (
    loaded.some((script) => script.integrity && isSecure(script.src, https !== 'none') && !foreign.includes(script))
  ) {
    return [good('sri-implemented-and-all-scripts-loaded-securely')]
  }
  return [
    good(
      foreign.length > 0
        ? 'sri-implemented-and-external-scripts-loaded-securely'
        : 'sri-not-implemented-but-all-scripts-loaded-from-secure-origin',
    ),
  ]
}

function judgeForeign({ src, integrity }: ScriptTag): Judgement[] {
  const secure = isSecure(src, false)
  if (secure && integrity) return []
  const instead = `<script src="${src.replace(/^(?:http:)?\/\//, 'https://')}" integrity="sha384-…" crossorigin="anonymous">`
  if (secure) {
    const wrong = `${src} may be changed by those who serve it`
    return [{ code: 'sri-not-implemented-but-external-scripts-loaded-securely', wrong, instead }]
  }
  const code =
    `sri-${integrity ? 'implemented-but' : 'not-implemented-and'}-external-scripts-not-loaded-securely` as const
  return [{ code, wrong: `${src} may come by http, and be changed on its way`, instead }]
}

/** Of another site; `//host/` counts as that, whatever the host. */
function isForeign(src: string, page: URL): boolean {
  if (/^\/\/[^/]/.test(src)) return true
  if (!/^https?:\/\//i.test(src) || !URL.canParse(src)) return false
  return siteOf(new URL(src).hostname) !== siteOf(page.hostname)
}

function isSecure(src: string, ownIsSecure: boolean): boolean {
  return /^https?:\/\//i.test(src) ? /^https:/i.test(src) : ownIsSecure && !src.startsWith('//')
}

/**
 * The name under which somebody may register: two labels, three under such as `co.uk`. The Observatory has the list of
 * public suffixes for that.
 */
function siteOf(hostname: string): string {
  if (/^[\d.]+$|^\[/.test(hostname)) return hostname
  const labels = hostname.split('.')
  const isShort = /\.(?:[a-z]{2,3})\.[a-z]{2}$/.test(`.${hostname}`)
  return labels.slice(isShort ? -3 : -2).join('.')
}
