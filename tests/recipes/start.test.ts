import { afterEach, expect, it } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { choosePorts } from '@outerware/recipes/express-site/ports'
import { listen, type Listening } from '../support/index.ts'
import { Visitor } from './visitor.ts'

const root = join(import.meta.dirname, '../..')
let child: ChildProcess | undefined
const open: Listening[] = []
afterEach(async () => {
  child?.kill('SIGKILL')
  await Promise.all(open.splice(0).map((listening) => listening.close()))
})

/** What `npm start` runs, with two free ports unless others are given. */
function start(env: Readonly<Record<string, string>>) {
  const args = ['--conditions=@outerware/source', '--import', './tools/typescript.js', 'recipes/express-site/start.ts']
  child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = child
  return { child, stdout: stdout!, stderr: stderr! }
}

async function freePorts(): Promise<{ PORT: string; PROVIDER_PORT: string }> {
  const [a, b] = [await listen(createServer()), await listen(createServer())]
  await Promise.all([a.close(), b.close()])
  return { PORT: String(a.port), PROVIDER_PORT: String(b.port) }
}

/** Reads until the word is there, and goes on reading, so that the writer is not cut. */
function until(stream: NodeJS.ReadableStream, word: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    stream.on('data', (chunk) => {
      heard += String(chunk)
      if (heard.includes(word)) resolve(heard)
    })
    stream.on('end', () => resolve(heard))
  })
}

it('says where everything is, and stops on Ctrl-C with an event stream open', async () => {
  const ports = await freePorts()
  const started = start(ports)
  const errors = text(started.stderr)
  const welcome = await until(started.stdout, 'Ctrl-C stops')
  const site = `http://localhost:${ports.PORT}`
  expect(welcome).toContain(`The site       ${site}\n`)
  expect(welcome).toContain(`The provider   http://127.0.0.1:${ports.PROVIDER_PORT}\n`)
  for (const line of welcome.match(/curl .*$/gm) ?? []) expect(line).toContain(site)

  const visitor = new Visitor()
  await visitor.signIn(`${site}/me`, 'mairi@skerry.example')
  let heard = 0
  const feed = visitor.hear(`${site}/watch/events`, {}, (bytes) => {
    heard ||= bytes.length
    if (heard === bytes.length) started.child.kill('SIGINT')
    return false
  })
  const ended = feed.then(
    () => 'ended',
    () => 'cut',
  )
  expect(await once(started.child, 'exit')).toEqual([0, null])
  expect(await ended).toBe('cut')
  expect(await errors).toBe('')
})

it.each(['PORT', 'PROVIDER_PORT'] as const)('says what to write when %s is taken', async (name) => {
  const taken = await listen(createServer())
  open.push(taken)
  const started = start({ ...(await freePorts()), [name]: String(taken.port) })
  const said = await text(started.stderr)
  expect(said).toContain(`Port ${taken.port} is taken. Write another one:`)
  expect(said).toMatch(new RegExp(`^ {4}.*\\b${name}=(?!${taken.port}\\b)\\d+ .*npm start$`, 'm'))
  expect(said).not.toContain('    at ')
  expect(started.child.exitCode ?? (await once(started.child, 'exit'))[0]).toBe(1)
})

it.each(['abc', '0', '65536', '1.5', '-1'])('refuses PORT=%s', async (PORT) => {
  await expect(choosePorts(usual, { PORT })).rejects.toThrow(`PORT must be a port from 1 to 65535, got "${PORT}".`)
})

it('refuses one port for both', async () => {
  await expect(choosePorts(usual, { PORT: '4000' })).rejects.toThrow('PORT and PROVIDER_PORT must differ.')
})

const usual = { PORT: 3000, PROVIDER_PORT: 4000 }
