/** Sites that run, by http and by https, and the command that asks them. */
import { afterAll } from '@jest/globals'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { certificate } from '../support/certificate.ts'
import { listen, type Listening } from '../support/index.ts'

export const main: string = fileURLToPath(import.meta.resolve('@outerware/security-headers'))
export const isBuilt: boolean = main.endsWith('.js')

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

/** Serves by https; gives the URL. */
export async function byHttps(listener: RequestListener): Promise<string> {
  const server = await listen(createServer(certificate, listener))
  servers.push(server)
  return server.url.replace('http:', 'https:')
}

/** Serves by http; gives the URL. */
export async function byHttp(listener: RequestListener): Promise<string> {
  const server = await listen(listener)
  servers.push(server)
  return server.url
}

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command in this process. */
export async function runCheck(...args: string[]): Promise<Said> {
  return runCheckOn({}, ...args)
}

/** The same, with an output that says of itself what a terminal says. */
export async function runCheckOn(terminal: { readonly isTTY?: boolean }, ...args: string[]): Promise<Said> {
  const { command } = await import(resolve(main, `../check/command.${isBuilt ? 'js' : 'ts'}`))
  const [out, err]: [string[], string[]] = [[], []]
  const into = (list: string[]): object => ({ ...terminal, write: (text: string) => list.push(text) })
  const code = await command(args, into(out), into(err))
  return { code, out: out.join(''), err: err.join('') }
}

/** What `--json` prints. */
export interface Checked {
  readonly url: string
  readonly status: number
  readonly score: number
  readonly grade: string
  readonly findings: readonly {
    readonly code: string
    readonly points: number
    readonly wrong: string
    readonly instead: string
  }[]
  readonly results: readonly { readonly code: string; readonly points: number }[]
  readonly asked: readonly { readonly target: string; readonly status: number }[]
}

/** Asks sites whose certificate signs for itself. */
export async function check(...args: string[]): Promise<Checked> {
  const { out, err } = await runCheck(...args, '--insecure', '--json')
  if (out === '') throw new Error(err)
  return JSON.parse(out)
}
