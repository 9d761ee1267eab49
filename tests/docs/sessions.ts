/**
 * Blocks that show a session with a shell: each `$ command` is given to one and the same shell, in the order of the
 * page, and must print what is shown below it.
 *
 * Of a response with its head (`curl -i`) some fields are shown, and the body, if any of it is.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { whyNot } from './elsewhere.ts'
import { blocksOfKind } from './pages.ts'
import { areShown, missingOf } from './shown.ts'

export interface Step {
  /** As it is shown; it may take several lines. */
  readonly command: string
  readonly output: readonly string[]
}

/** What is typed on a page, and what is said to come of it. */
export function stepsOf(page: string): readonly Step[] {
  const sessions = blocksOfKind(page, 'session').filter((block) => whyNot(block) === undefined)
  return sessions
    .flatMap(({ code }) => code.split(/^\$ /m).slice(1))
    .map((part) => {
      const [command = ''] = /^(?:.*\\\n)*.*/.exec(part) ?? []
      const output = part.slice(command.length).trim()
      return { command, output: output === '' ? [] : output.split('\n') }
    })
}

/** Tells by what port a server is reached here that a page has at another: `{ 3000: 41_234 }`. */
export type Ports = Readonly<Record<number, number>>

/** Has the session of a page, and gives what came of each step otherwise than it is shown. */
export async function differencesIn(page: string, ports: Ports, cwd: string, path = ''): Promise<string[]> {
  const steps = stepsOf(page)
  const script = steps.map(({ command }) => `${here(command, ports)}\nprintf '\\n%s\\n' '${mark}'`).join('\n')
  const env = { ...process.env, PATH: `${path}:${process.env['PATH']}`, NO_COLOR: '1', no_proxy: '*' }
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd, env, maxBuffer: 2 ** 26 })
  const said = there(stdout, ports).replaceAll('\r', '').split(`\n${mark}\n`)
  return steps.flatMap((step, i) => (isAsShown(step, said[i]!) ? [] : [`$ ${step.command}\n${said[i]}`]))
}

const mark = '-- done --'

function here(text: string, ports: Ports): string {
  return Object.entries(ports).reduce((all, [shown, real]) => all.replaceAll(`:${shown}`, `:${real}`), text)
}

function there(text: string, ports: Ports): string {
  return Object.entries(ports).reduce((all, [shown, real]) => all.replaceAll(`${real}`, shown), text)
}

function isAsShown({ output }: Step, said: string): boolean {
  const real = said.trim().split('\n')
  if (output.length === 0) return true
  if (!output[0]!.startsWith('HTTP/')) return areShown(output, real)
  const end = output.findIndex((line, i) => i > 0 && !/^[\w-]+: /.test(line))
  const head = end === -1 ? output : output.slice(0, end)
  const body = (end === -1 ? [] : output.slice(end)).join('\n').replace(/^…?\n*/, '')
  const [realHead = '', ...rest] = real.join('\n').split('\n\n')
  const isBody = body === '' || areShown(body.split('\n'), rest.join('\n\n').split('\n'))
  return isBody && missingOf(head, realHead.split('\n')).length === 0
}
