/**
 * The lists that name every package.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names a package in each of them, and gives the files that have changed. */
export function enlist(root, name, wrapper) {
  const folder = `middlewares/${name}`
  /** What each file is made to say, by its name. */
  const edits = {
    'tsconfig.json': (text) => addReference(text, folder),
    'tests/tsconfig.json': (text) => addReference(text, `../${folder}`),
    'tests/package.json': (text) => addDependency(text, `@outerware/${name}`),
    'tests/packages/uses.ts': (text) => text.replace(/\]\n$/, `${use(name, wrapper)}]\n`),
    '.size-limit.json': (text) => text.replace(/ \}\n\]\n$/, ` },\n${limit(name)}]\n`),
    'README.md': (text) => text.replace(/(\n\| \[`@outerware.*)(?=\n\n)/, `$1\n${row(name)}`),
  }
  for (const [file, edit] of Object.entries(edits)) {
    const path = join(root, file)
    const before = readFileSync(path, 'utf8')
    const after = edit(before)
    if (after === before) throw new Error(`${file} has no place for ${name} where it was looked for: add it by hand`)
    writeFileSync(path, after)
  }
  writeFileSync(join(root, `.changeset/${name}.md`), `---\n'@outerware/${name}': minor\n---\n\nFirst release.\n`)
  return [...Object.keys(edits), `.changeset/${name}.md`]
}

function addReference(text, path) {
  return text.replace(
    /(\{ "path": "[^"]*middlewares\/[^"]+" \})(?![^]*middlewares\/)/,
    `$1,\n    { "path": "${path}" }`,
  )
}

function addDependency(text, name) {
  const manifest = JSON.parse(text)
  const named = Object.entries({ ...manifest.dependencies, [name]: '^0.0.0' })
  manifest.dependencies = Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

const limit = (name) => `  { "name": "${name}", "path": "middlewares/${name}/dist/**/*.js", "limit": "1 kB" }\n`

const row = (name) => `| [\`@outerware/${name}\`](middlewares/${name}/README.md) | what it does, in one line |`

/** What the package is tried with, once it is packed and installed. */
const use = (name, wrapper) => `  {
    package: '@outerware/${name}',
    names: { '@outerware/${name}': ['${wrapper}'], [node]: ['serve'] },
    lines: \`
const site = ${wrapper}({ value: 'hello' })(() => new Response('body'))
const print = (response: Response, text: string) => [response.headers.get('x-${name}'), text].join(' ')
\${ask()}\`,
    prints: 'hello body',
  },
`
