/**
 * The pages: functions from data to HTML. What is put into them is escaped by `html`, of Hono.
 *
 * @module
 */
import { html } from 'hono/html'
import type { Renderer } from '@outerware/core/inner'
import type { Light, Words } from './words.ts'

type Html = ReturnType<typeof html>

/** What every page gets. */
interface Page {
  readonly language: Words & { urlFor(name: string, params?: Readonly<Record<string, string>>): string }
  readonly others: readonly { readonly other: Words; readonly href: string }[]
}

/** The three lights. */
export function home({ language, others }: Page): Html {
  const { title, lead, lights, urlFor } = language
  return layout(
    { language, others, title },
    html`<h1>${title}</h1>
      <p class="lead">${lead}</p>
      <ul class="lights">
        ${lights.map(({ slug, name, character }) => html`<li><a href="${urlFor('light', { slug })}">${name}</a> <span>${character}</span></li>`)}
      </ul>`,
  )
}

/** One of them. */
export function light({ language, others, light: { name, text, character } }: Page & { readonly light: Light }): Html {
  return layout(
    { language, others, title: `${name} · ${language.title}` },
    html`<h1>${name}</h1>
      <p class="lead">${text}</p>
      <dl>
        <dt>${language.character}</dt>
        <dd>${character}</dd>
      </dl>
      <p><a href="${language.urlFor('home')}">${language.all}</a></p>`,
  )
}

/** What is not there, in the language in which it was looked for. */
export function missing({ language, others }: Page): Html {
  return layout(
    { language, others, title: language.missing },
    html`<h1>404</h1>
      <p class="lead">${language.missing}</p>
      <p><a href="${language.urlFor('home')}">${language.all}</a></p>`,
  )
}

function layout({ language, others, title }: Page & { readonly title: string }, main: Html): Html {
  return html`<!doctype html>
    <html lang="${language.code}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/lights.css" />
        ${others.map(({ other, href }) => html`<link rel="alternate" hreflang="${other.code}" href="${href}" />`)}
      </head>
      <body>
        <nav>
          ${others.map(({ other: { code, name }, href }) =>
            code === language.code
              ? html`<a href="${href}" lang="${code}" aria-current="true">${name}</a>`
              : html`<a href="${href}" lang="${code}" hreflang="${code}">${name}</a>`,
          )}
        </nav>
        <main>${main}</main>
      </body>
    </html>`
}

/** Templates are the functions above. */
export const renderPage: Renderer = async (template, data) => {
  if (typeof template !== 'function') throw new TypeError('A template is one of the functions in pages.ts')
  return String(await template(data))
}
