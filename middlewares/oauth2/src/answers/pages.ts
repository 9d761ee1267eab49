/**
 * The gate's own pages: plain, with no script, and with nothing of a request in them that is not escaped.
 *
 * @module
 */

/** What a page says. All of it is text, escaped when the page is made. */
export interface Page {
  readonly title: string
  readonly text: string
  /** What to do next: an address and what it is called. */
  readonly links?: readonly (readonly [href: string, label: string])[]
}

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}' +
  'h1{font-size:1.5rem}a{margin-right:1.5rem}:root{color-scheme:light dark}'

/** Permits the one style sheet, by its hash, and nothing else (R7, R8). */
export const policy: string = [
  "default-src 'none'",
  "style-src 'sha256-u8iTQyH/wwx6MugTtnjWLGgEJOYkKhNPo/kbupWpAuc='",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Writes a page. */
export function html({ title, text, links = [] }: Page): string {
  const anchors = links.map(([href, label]) => `<a href="${escaped(href)}">${escaped(label)}</a>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${anchors.length === 0 ? '' : `<p>${anchors.join('\n')}</p>\n`}</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
