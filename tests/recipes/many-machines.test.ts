import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { tryoutProvider } from '@outerware/recipes/many-machines/provider'
import { describeWith, freePort, until } from '../support/index.ts'
import { later } from './start.ts'
import { Visitor, type Answer } from './visitor.ts'

const programs = [
  { command: 'nginx', package: 'nginx' },
  { command: 'redis-server', package: 'redis-server' },
]

describeWith('the many-machines recipe, with nginx and Redis', programs, () => {
  let url: string
  let issuer: string
  let said = ''
  let stop: () => Promise<void>
  let rotates = false
  const tokens = gateOfTokens()

  beforeAll(async () => {
    const [office, port] = [await later(), await freePort()]
    url = `http://localhost:${port}`
    issuer = `http://127.0.0.1:${office.running.port}`
    const client = { id: 'watch', secret: 'of the client, and only for tests', baseURL: url }
    // Refreshed after four seconds, good for another four.
    office.use(tokens.around(await tryoutProvider(issuer, client, { lifetime: 8, rotates: () => rotates })))

    // What `npm start` runs, with this provider in the place of its own.
    const args = ['--conditions=@outerware/source', '--import', './tools/typescript.js']
    const child = spawn(process.execPath, [...args, 'recipes/many-machines/start.ts'], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, PORT: String(port), ISSUER: issuer, CLIENT_ID: client.id, CLIENT_SECRET: client.secret },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const gone = once(child, 'exit')
    child.stdout.on('data', (chunk) => (said += String(chunk)))
    child.stderr.on('data', (chunk) => (said += String(chunk)))
    stop = async () => {
      child.kill('SIGTERM')
      await gone
    }
    await until(() => said.includes(url) || child.exitCode !== null)
    expect(said).toContain(`The watch is kept at ${url}\n`)
  })
  afterAll(() => stop())

  /** Signs somebody in, by whatever machines answer. */
  async function come(name: string): Promise<Visitor> {
    const visitor = new Visitor()
    const form = await visitor.go(`${url}/`)
    const page = await visitor.submit(form.url, { prompt: 'login', login: name, password: 'any' })
    expect([page.status, page.text]).toEqual([200, watchOf(name, page)])
    return visitor
  }

  const machineOf = ({ headers }: Answer): number => Number(headers['x-machine'])
  const watchOf = (name: string, answer: Answer): unknown =>
    `${name} has the watch, says machine ${machineOf(answer)}. The API: {"sub":"${name}","email":"${name}@skerry.example"}\n`

  /** The process of a machine, the last one if it was started again. */
  const pidOf = (machine: number): number =>
    Number([...said.matchAll(new RegExp(`^machine ${machine} is there, pid (\\d+)$`, 'gm'))].at(-1)![1])

  it('keeps one session for all machines, which answer in turns', async () => {
    const visitor = await come('mairi')
    const answers = [await visitor.ask(url), await visitor.ask(url), await visitor.ask(url)]
    expect(answers.map(({ text }) => text)).toEqual(answers.map((answer) => watchOf('mairi', answer)))
    expect(answers.map(machineOf).toSorted()).toEqual([1, 2, 3])
  })

  it('ends it on all of them', async () => {
    const visitor = await come('tomas')
    const cookie = visitor.cookiesFor(url)
    await visitor.ask(`${url}/auth/logout`, { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } })
    const again = async (): Promise<number> => (await new Visitor().ask(url, { headers: { cookie } })).status
    expect([await again(), await again(), await again()]).toEqual([401, 401, 401])
  })

  it.each<[string, NodeJS.Signals, boolean]>([
    ['dies', 'SIGKILL', false],
    ['is taken out of service, at a provider that takes a refresh token once', 'SIGTERM', true],
  ])('signs nobody out while one %s, and loses no refresh', async (_what, signal, isOnce) => {
    rotates = isOnce
    const names = ['mairi', 'tomas', 'ingrid', 'aila', 'rolf', 'una']
    const people = await Promise.all(names.map(async (name) => ({ name, visitor: await come(name) })))
    const before = tokens.asked()
    const killed = pidOf(2)
    let isOver = false
    const work = people.map(async ({ name, visitor }) => {
      let count = 0
      for (; !isOver; count++) {
        const answers = await Promise.all([visitor.ask(url), visitor.ask(url), visitor.ask(url)])
        for (const answer of answers) expect([answer.status, answer.text]).toEqual([200, watchOf(name, answer)])
        await sleep(50)
      }
      return count
    })
    const days = Promise.all(work).finally(() => (isOver = true))
    const whileTheyWork = (isSo: () => boolean): Promise<unknown> => Promise.race([days, until(() => isOver || isSo())])

    await whileTheyWork(() => tokens.asked() >= before + 3)
    process.kill(killed, signal)
    await whileTheyWork(() => pidOf(2) !== killed)
    // Everybody's token has been renewed twice by then, or more.
    await whileTheyWork(() => tokens.asked() >= before + names.length * 3)
    isOver = true
    expect(Math.min(...(await days))).toBeGreaterThan(3)
    expect(tokens.refused()).toBe(0)
  })

  it.each(['before the provider has heard of it', 'with the new tokens on their way'] as const)(
    'goes on with the refresh of a machine that dies at it, %s',
    async (when) => {
      rotates = when === 'before the provider has heard of it'
      const visitor = await come('mairi')
      const held = tokens.hold(when)
      // The machines answer in turns, until one has the refresh to do: the one that is neither of the last two.
      const answered: number[] = []
      let asking = visitor.ask(url)
      while ((await Promise.race([asking, held])) !== 'held') {
        answered.push(machineOf(await asking))
        await sleep(100)
        asking = visitor.ask(url)
      }
      const dying = [1, 2, 3].find((machine) => !answered.slice(-2).includes(machine))!
      const killed = pidOf(dying)
      process.kill(killed, 'SIGKILL')
      const answer = await asking
      expect([answer.status, answer.text]).toEqual([200, watchOf('mairi', answer)])
      expect(machineOf(answer)).not.toBe(dying)
      expect((await visitor.ask(url)).status).toBe(200)
      expect(tokens.refused()).toBe(0)
      await until(() => pidOf(dying) !== killed)
    },
  )
})

type When = 'before the provider has heard of it' | 'with the new tokens on their way'

/** Stands before the provider's token endpoint: counts what is asked and refused, and lets one refresh hang. */
function gateOfTokens() {
  let asked = 0
  let refused = 0
  let holding: { when: When; isHeld(): void } | undefined
  const hang = async (): Promise<never> => {
    const { isHeld } = holding!
    holding = undefined
    isHeld()
    return new Promise(() => {})
  }
  const around =
    (provider: App): App =>
    async (request, context) => {
      if (!request.url.endsWith('/token')) return provider(request, context)
      asked++
      if (holding?.when === 'before the provider has heard of it') return hang()
      const response = await provider(request, context)
      if (!response.ok) refused++
      return holding === undefined ? response : hang()
    }
  return {
    around,
    asked: () => asked,
    refused: () => refused,
    /** Resolves when it hangs. */
    hold: (when: When) => new Promise<'held'>((resolve) => (holding = { when, isHeld: () => resolve('held') })),
  }
}
