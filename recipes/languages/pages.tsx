/**
 * The pages: components of JSX, from data to HTML. What is put into them is escaped by `hono/jsx`.
 *
 * @module
 */
import type { Child, FC } from 'hono/jsx'
import type { Renderer } from '@outerware/core/inner'
import type { Light, Words } from './words.ts'

/** What every page gets. */
interface Page {
  readonly language: Words & { urlFor(name: string, params?: Readonly<Record<string, string>>): string }
  readonly others: readonly { readonly other: Words; readonly href: string }[]
}

/** The three lights. */
export const Home: FC<Page> = ({ language, others }) => {
  const { title, lead, lights, urlFor } = language
  return (
    <Layout language={language} others={others} title={title}>
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <ul class="lights">
        {lights.map(({ slug, name, character }) => (
          <li>
            <a href={urlFor('light', { slug })}>{name}</a> <span>{character}</span>
          </li>
        ))}
      </ul>
    </Layout>
  )
}

/** One of them. */
export const OneLight: FC<Page & { readonly light: Light }> = ({ language, others, light }) => (
  <Layout language={language} others={others} title={`${light.name} · ${language.title}`}>
    <h1>{light.name}</h1>
    <p class="lead">{light.text}</p>
    <dl>
      <dt>{language.character}</dt>
      <dd>{light.character}</dd>
    </dl>
    <p>
      <a href={language.urlFor('home')}>{language.all}</a>
    </p>
  </Layout>
)

/** What is not there, in the language in which it was looked for. */
export const Missing: FC<Page> = ({ language, others }) => (
  <Layout language={language} others={others} title={language.missing}>
    <h1>404</h1>
    <p class="lead">{language.missing}</p>
    <p>
      <a href={language.urlFor('home')}>{language.all}</a>
    </p>
  </Layout>
)

const Layout: FC<Page & { readonly title: string; readonly children?: Child }> = (page) => (
  <html lang={page.language.code}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{page.title}</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/lights.css" />
      {page.others.map(({ other, href }) => (
        <link rel="alternate" hreflang={other.code} href={href} />
      ))}
    </head>
    <body>
      <nav>
        {page.others.map(({ other: { code, name }, href }) => (
          <a href={href} lang={code} hreflang={code} aria-current={code === page.language.code ? 'true' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <main>{page.children}</main>
    </body>
  </html>
)

/** Templates are the components above; one may be asynchronous. */
export const renderPage: Renderer = async (Template, data) => {
  if (typeof Template !== 'function') throw new TypeError('A template is one of the components in pages.tsx')
  return `<!doctype html>${String(await Template(data))}`
}
