import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'

const root = resolve(import.meta.dirname, '../..')
// Not the name of CONTRIBUTING.md: somebody who has just followed it has that one already.
const name = 'trial-of-the-template'
const folders = [`middlewares/${name}`, `tests/${name}`]

/** A copy of the sources, with the same modules in reach. */
let copy: string
let said: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'outerware-new-wrapper-'))
  for (const file of run(root, 'git', 'ls-files', '-z').split('\0').filter(Boolean)) {
    mkdirSync(join(copy, dirname(file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  for (const folder of ['.', 'core', 'tests', 'recipes', 'tools']) linkModules(folder)
  said = run(copy, 'npm', 'run', '--silent', 'new-wrapper', name, '--', '--no-install')
  symlinkSync(`../../middlewares/${name}`, join(copy, `node_modules/@outerware/${name}`))
})
afterAll(() => rmSync(copy, { recursive: true }))

it('says what it has made, and what comes next', () => {
  expect(said).toContain(`middlewares/${name} and tests/${name} are made`)
  expect(said).toContain(`npm test -- tests/${name}`)
})

it('makes a wrapper whose tests pass, the laws too', () => {
  expect(() => run(copy, 'npm', 'test', '--', `tests/${name}`, '--reporters=default')).not.toThrow()
})

it('makes sources that compile, keep the rules and are formatted', () => {
  expect(() => run(copy, 'npx', 'tsc', '-b', `middlewares/${name}`)).not.toThrow()
  expect(() => run(copy, 'npx', 'oxlint', ...folders)).not.toThrow()
  expect(() => run(copy, 'npx', 'oxfmt', '--check')).not.toThrow()
})

it.each([
  [name, /middlewares\/trial-of-the-template is there already: take another name/],
  [
    'ServerName',
    /Give the wrapper a name in small letters, such as: npm run new-wrapper server-name \(got "ServerName"\)/,
  ],
  ['', /\(got nothing\)/],
])('refuses the name %j, and says what to write', (refused, message) => {
  expect(() => run(copy, 'npm', 'run', '--silent', 'new-wrapper', refused)).toThrow(message)
})

/** Links each module into a folder of the copy; the packages of the project are those of the copy. */
function linkModules(folder: string): void {
  const from = join(root, folder, 'node_modules')
  const to = join(copy, folder, 'node_modules')
  for (const name of namesIn(from)) {
    mkdirSync(dirname(join(to, name)), { recursive: true })
    const own = name.startsWith('@outerware/')
    symlinkSync(own ? readlinkSync(join(from, name)) : join(from, name), join(to, name))
  }
}

/** The modules of a folder, scoped ones by their whole name; none where there is no such folder. */
function namesIn(modules: string): string[] {
  const list = (at: string): string[] => readdirSync(at, { withFileTypes: true }).map(({ name }) => name)
  try {
    return list(modules).flatMap((name) =>
      name.startsWith('@') ? list(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    )
  } catch {
    return []
  }
}

/** Gives what a command prints; throws with what it says where it fails. */
function run(cwd: string, command: string, ...args: string[]): string {
  // The tally of the tests is of this run, not of those that it starts.
  const { TALLY: _, ...env } = process.env
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
