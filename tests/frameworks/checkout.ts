/**
 * A project's sources with their tests, which a package of the registry mostly lacks, and what they depend on.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Project } from './projects.ts'

/** Where from and where to. */
export interface Places {
  /** A folder of git repositories, named as on their site (`express`, `koa`); without it they are cloned from there. */
  readonly from: string | undefined
  /** Keeps the checkouts for the next run. */
  readonly to: string
}

/** Why a project could not be had, in one line. */
export class Unavailable extends Error {}

/** @returns the folder in which the project's tests run */
export function checkout(project: Project, { from, to }: Places): string {
  const { name, repository, tag, folder = '.' } = project
  const root = join(to, `${name.replaceAll('/', '-')}@${tag}`.replaceAll(' ', '-'))
  const home = join(root, folder)
  const ready = join(root, '.ready')
  if (existsSync(ready)) return home
  rmSync(root, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  if (repository === undefined) cpSync(ourSite(name), root, { recursive: true })
  else clone(sourceOf(repository, from), tag, root, project.folder)
  install(project, home)
  writeFileSync(ready, '')
  return home
}

function ourSite(name: string): string {
  // Beside our sources, not beside what was compiled of them.
  return fileURLToPath(new URL(`../../frameworks/${name}-site`, import.meta.url))
}

function sourceOf(repository: string, from: string | undefined): string {
  return from === undefined ? `https://github.com/${repository}.git` : `file://${join(from, basename(repository))}`
}

/** Of a repository of many packages only one folder is fetched. */
function clone(source: string, tag: string, root: string, folder?: string): void {
  const sparse = folder === undefined ? [] : ['--filter=blob:none', '--sparse']
  const flags = ['-c', 'advice.detachedHead=false', 'clone', '--quiet', '--depth', '1', ...sparse]
  run('.', 'git', ...flags, '--branch', tag, source, root)
  if (folder !== undefined) run(root, 'git', 'sparse-checkout', 'set', folder)
}

/** No script of a dependency runs: what needs one has its compiled files in its package, or does without. */
const npmFlags = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--no-workspaces',
  '--legacy-peer-deps',
  '--loglevel=error',
]

function install({ needs = [], published, before }: Project, home: string): void {
  if (published !== undefined) {
    run(home, 'npm', 'pack', '--silent', published)
    const [name, version] = published.split(/(?<=.)@/)
    run(home, 'tar', 'xzf', `${name}-${version}.tgz`, '--strip-components=1')
  }
  run(home, 'npm', 'install', ...npmFlags)
  if (needs.length > 0) run(home, 'npm', 'install', '--no-save', ...npmFlags, ...needs)
  if (before !== undefined) run(home, ...before)
}

function run(cwd: string, command: string, ...args: string[]): void {
  const { status, error, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status === 0) return
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? ''
  throw new Unavailable(`${command}: ${reason}`)
}
