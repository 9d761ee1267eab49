/**
 * Makes the folders of a new wrapper, with a wrapper in them that works: `npm run new-wrapper server-name`.
 *
 * `-- --no-install` leaves it to you to run `npm install`, which makes the package known to the others.
 *
 *     template/package ─▶ middlewares/server-name
 *     template/tests   ─▶ tests/server-name
 *     its name         ─▶ the lists that name every package
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { enlist } from './lists.js'

const template = join(import.meta.dirname, 'template')
const root = resolve(import.meta.dirname, '../..')
const core = JSON.parse(readFileSync(join(root, 'core/package.json'), 'utf8'))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: { install: { type: 'boolean', default: true } },
})
const [name = ''] = positionals
const folders = [`middlewares/${name}`, `tests/${name}`]

const refusal = whyNot()
if (refusal === undefined) make()
else {
  console.error(refusal)
  process.exitCode = 1
}

function make() {
  const [own, tests] = folders
  put('package', own)
  cpSync(join(root, 'LICENSE'), join(root, own, 'LICENSE'))
  put('tests', tests)
  const changed = enlist(root, name, camel(name))
  if (values.install) run('npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error')
  run('npx', 'oxfmt', ...folders, ...changed)
  console.log(`${own} and ${tests} are made, and named in ${changed.join(', ')}.

Next:
  npm test -- ${tests} --watch
      it works as it is
  ${own}/src/${name}.ts
      write what it does
  ${own}/README.md
      say what it does, with a request and its answer
  npm run check
      before you send it`)
}

function whyNot() {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    const given = name === '' ? 'nothing' : JSON.stringify(name)
    return `Give the wrapper a name in small letters, such as: npm run new-wrapper server-name (got ${given})`
  }
  const taken = folders.find((folder) => existsSync(join(root, folder)))
  return taken && `${taken} is there already: take another name, or remove that folder first`
}

/** Copies a part of the template, with the new name in the place of `my-wrapper`. */
function put(part, folder) {
  const to = join(root, folder)
  mkdirSync(to)
  cpSync(join(template, part), to, { recursive: true })
  for (const file of readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    writeFileSync(path, renamed(readFileSync(path, 'utf8')))
    renameSync(path, join(file.parentPath, renamed(file.name)))
  }
}

function renamed(text) {
  const one = camel(name)
  return text
    .replace('"@outerware/core": "^0.0.0"', `"@outerware/core": "^${core.version}"`)
    .replaceAll('my-wrapper', name)
    .replaceAll('myWrapper', one)
    .replaceAll('MyWrapper', one[0].toUpperCase() + one.slice(1))
    .replaceAll(
      'My-Wrapper',
      name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
    )
}

/** `server-name` as `serverName`. */
function camel(name) {
  return name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase())
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} has failed; the folders are made`)
}
