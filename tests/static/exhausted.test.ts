import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { folder } from './support.ts'

// Another program is started, on machines that may be busy.
jest.setTimeout(120_000)

const root = resolve(import.meta.dirname, '../..')
const isBuilt = fileURLToPath(import.meta.resolve('@outerware/static')).endsWith('.js')
const conditions = isBuilt ? '' : '--conditions=@outerware/source'
const LARGE = 5_000_000
const dir = folder({ 'small.txt': 'small', 'large.bin': Buffer.alloc(LARGE, 'x'), 'fresh.txt': 'never read' })

let child: ChildProcess
let port = 0
const heard: Record<string, unknown>[] = []
const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** Gives the first message with that key, and takes it from what was heard. */
async function hears(key: string): Promise<unknown> {
  for (;;) {
    const at = heard.findIndex((message) => key in message)
    if (at !== -1) return heard.splice(at, 1)[0]![key]
    await once(child, 'message')
  }
}

async function order(what: string, answer: string): Promise<unknown> {
  child.send(what)
  return hears(answer)
}

interface Answer {
  readonly said: string
  readonly headers: IncomingMessage['headers']
}

async function ask(path: string, method = 'GET', through = agent): Promise<Answer> {
  const asked = request({ port, host: '127.0.0.1', path, method, agent: through }).end()
  const [response]: IncomingMessage[] = await once(asked, 'response')
  const body = await buffer(response!)
  const text = body.length > 100 ? `${body.length} bytes` : String(body)
  return { said: `${response!.statusCode} ${text}`.trim(), headers: response!.headers }
}

const atOnce = async (paths: readonly string[], through = agent): Promise<string[]> =>
  Promise.all(paths.map(async (path) => (await ask(path, 'GET', through)).said))

beforeAll(async () => {
  const line = `ulimit -n 100; exec "$0" --disable-warning=ExperimentalWarning ${conditions} --import=./tools/typescript.js tests/static/exhausted.child.ts "$1"`
  child = spawn('sh', ['-c', line, process.execPath, dir], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', (message) => heard.push(Object(message)))
  port = Number(await hears('port'))
})
afterAll(async () => {
  agent.destroy()
  child.disconnect()
  await once(child, 'exit')
})

it('without a descriptor left, what is in memory is answered, the rest with 503, and all of it when there are some again', async () => {
  // Four connections that stay, and what each kind of answer loads when it is first given.
  expect(await atOnce(['/small.txt', '/large.bin', '/app', '/small.txt'])).toEqual([
    '200 small',
    `200 ${LARGE} bytes`,
    '200 app',
    '200 small',
  ])
  const before = await order('count', 'count')

  expect(await order('fill', 'filled')).toBe('EMFILE')
  expect(await atOnce(['/small.txt', '/large.bin', '/app', '/fresh.txt'])).toEqual([
    '200 small',
    '503 503 Service Unavailable',
    '200 app',
    '503 503 Service Unavailable',
  ])
  const { said, headers } = await ask('/large.bin')
  expect([said, headers['retry-after'], headers['cache-control'], headers.etag]).toEqual([
    '503 503 Service Unavailable',
    '1',
    'no-store',
    undefined,
  ])
  // Its tag is known, and HEAD opens nothing.
  expect((await ask('/large.bin', 'HEAD')).said).toBe('200')
  expect(await hears('report')).toMatch(
    /^staticFiles: files that are not in memory are answered with 503 for now: EMFILE/,
  )
  expect(heard).toEqual([])

  child.send('reload')
  expect(await hears('reloaded')).toBe('EMFILE')

  await order('free', 'freed')
  expect(await atOnce(['/small.txt', '/large.bin', '/fresh.txt', '/large.bin'])).toEqual([
    '200 small',
    `200 ${LARGE} bytes`,
    '200 never read',
    `200 ${LARGE} bytes`,
  ])
  child.send('reload')
  expect(await hears('reloaded')).toBeNull()
  expect(await order('count', 'count')).toBe(before)
})

it('under more clients than there are descriptors each gets the file or a 503, nobody a broken one, and none is lost', async () => {
  const before = Number(await order('count', 'count'))
  const many = new Agent({ keepAlive: true, maxSockets: 60 })
  // Connections first: one that the system cannot accept is beyond any app.
  await atOnce(
    Array.from({ length: 60 }, () => '/small.txt'),
    many,
  )
  const answers = await atOnce(
    Array.from({ length: 300 }, () => '/large.bin'),
    many,
  )
  many.destroy()
  expect(new Set(answers)).toEqual(new Set([`200 ${LARGE} bytes`, '503 503 Service Unavailable']))
  // The connections are closed a moment later.
  while (Number(await order('count', 'count')) > before) await new Promise((done) => setTimeout(done, 20))
  expect((await ask('/large.bin')).said).toBe(`200 ${LARGE} bytes`)
})
