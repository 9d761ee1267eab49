/**
 * The harbour board: the page goes out at once, with a gap for each thing that has to be asked for, and the things
 * follow in the order in which they come.
 *
 *     <section id="tides">…</section> <section id="ferries">…</section>        at once
 *     <template>Ferries</template><script nonce>place('ferries')</script>      when it is known
 *     <template>Tides</template><script nonce>place('tides')</script>          when it is known
 *
 * @module
 */
import { Readable } from 'node:stream'
import { respond } from '@outerware/core'
import { noncePlaceholder } from '@outerware/security-headers'

/** What is on the board, by name: each gives lines of text, in its own time. */
export type Sources = Readonly<Record<string, () => Promise<readonly string[]>>>

/** Makes the page. It sees no request: the nonce is a word that is replaced as the page goes out. */
export function board(sources: Sources): Response {
  return respond(Readable.from(parts(sources)), {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'private, no-cache' },
  })
}

async function* parts(sources: Sources): AsyncGenerator<string> {
  const names = Object.keys(sources)
  yield head(names)
  const coming = new Map(names.map((name) => [name, found(name, sources[name]!)]))
  while (coming.size > 0) {
    const { name, html } = await Promise.race(coming.values())
    coming.delete(name)
    yield `<template>${html}</template><script nonce="${noncePlaceholder()}">place('${name}')</script>\n`
  }
  yield '</html>\n'
}

interface Found {
  readonly name: string
  readonly html: string
}

/** What is not to be had leaves a line, and the rest of the page alone. */
async function found(name: string, ask: () => Promise<readonly string[]>): Promise<Found> {
  try {
    const lines = await ask()
    return { name, html: `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>` }
  } catch {
    return { name, html: '<p>Not to be had just now.</p>' }
  }
}

/** Names are our own, and letters only: they stand in a script. */
function head(names: readonly string[]): string {
  const gaps = names.map((name) => `<h2>${name}</h2><section id="${name}"><p>…</p></section>`)
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Harbour board</title>
  <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/board.css">
  <script nonce="${noncePlaceholder()}">
    // No string becomes HTML here, so that Trusted Types have nothing to say.
    function place(name) {
      const template = document.currentScript.previousElementSibling
      document.getElementById(name).replaceChildren(template.content)
    }
  </script>
  <h1>Harbour board</h1>
  ${gaps.join('\n  ')}
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
