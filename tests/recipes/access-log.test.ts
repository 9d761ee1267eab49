import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { compose, errors, upgrade, type App } from '@outerware/core'
import { accessLog } from '@outerware/recipes/access-log/access-log'
import { loggedSite } from '@outerware/recipes/access-log/app'
import pino, { type Logger } from 'pino'
import { start } from './start.ts'

/** A logger, and its lines as they come. */
function journal(): { logger: Logger; until(isSo: (lines: readonly any[]) => boolean): Promise<any[]> } {
  const lines: any[] = []
  let heard = (): void => {}
  const write = (line: string): void => {
    lines.push(JSON.parse(line))
    heard()
  }
  const logger = pino({ base: null }, { write })
  return {
    logger,
    async until(isSo) {
      while (!isSo(lines)) await new Promise<void>((resolve) => (heard = resolve))
      return lines
    },
  }
}

const [info, warn, error] = [30, 40, 50]
const over = (lines: readonly any[]): boolean => lines.some(({ outcome }) => outcome !== undefined)

describe('the access-log recipe', () => {
  it.each([
    ['/', 200, info],
    ['/nowhere', 404, info],
    ['/letters/%zz', 400, info],
    ['/flood', 500, error],
  ])('writes one line of %s: %d', async (path, status, level) => {
    const { logger, until } = journal()
    const ask = await start(loggedSite(logger))
    const answer = await ask(`${path}?token=secret`)
    const [line, ...more] = await until(over)
    expect(line).toMatchObject({
      level,
      method: 'GET',
      status,
      outcome: 'sent',
      ip: '127.0.0.1',
      ms: expect.any(Number),
    })
    expect(line.id).toBe(answer.headers['x-request-id'])
    expect(JSON.stringify(line)).not.toContain('secret')
    expect(more).toEqual([])
  })

  it('gives what the app logs the number of its request, and keeps a number that came with it', async () => {
    const { logger, until } = journal()
    const ask = await start(loggedSite(logger))
    const answer = await ask('/letters/ada', { headers: { 'x-request-id': 'proxy-0042' } })
    const lines = await until(over)
    expect(answer.headers['x-request-id']).toBe('proxy-0042')
    expect(lines.map(({ id, msg }) => [id, msg])).toEqual([
      ['proxy-0042', 'looked for letters'],
      ['proxy-0042', 'GET /letters/ada'],
    ])
  })

  it.each(['short', 'x'.repeat(65), 'with space', '"}{"'])('gives a new number in the place of %j', async (given) => {
    const { logger } = journal()
    const ask = await start(loggedSite(logger))
    const answer = await ask('/', { headers: { 'x-request-id': given } })
    expect(answer.headers['x-request-id']).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/)
  })

  it('tells of a client that leaves before the end: aborted, as a warning', async () => {
    const { logger, until } = journal()
    const { running } = await start(loggedSite(logger))
    const socket = connect(running.port, '127.0.0.1').on('error', () => {})
    socket.write('GET /parcel HTTP/1.1\r\nHost: site.test\r\n\r\n')
    await once(socket, 'data')
    socket.resetAndDestroy()
    const [line] = await until(over)
    expect(line).toMatchObject({ level: warn, path: '/parcel', status: 200, outcome: 'aborted', ip: '127.0.0.1' })
  })

  it('tells of an exception twice: what it was, and how the request ended', async () => {
    const { logger, until } = journal()
    const fail: App = () => {
      throw new Error('of the app')
    }
    const reported = errors({ report: (thrown) => void logger.error({ err: thrown }, 'thrown') })
    const ask = await start(compose(accessLog(logger), reported)(fail))
    await ask('/')
    const lines = await until(over)
    expect(lines.map(({ level, msg, status }) => [level, msg, status])).toEqual([
      [error, 'thrown', undefined],
      [error, 'GET /', 500],
    ])
    expect(lines[0].err.message).toBe('of the app')
  })

  it('tells of a WebSocket when it is closed: 101', async () => {
    const { logger, until } = journal()
    const socketApp: App = () =>
      upgrade((_req, socket) => {
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      })
    const { running } = await start(accessLog(logger)(socketApp))
    const socket = connect(running.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: site.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    socket.resume().on('end', () => socket.end())
    const [line] = await until(over)
    expect(line).toMatchObject({ level: info, status: 101, outcome: 'sent' })
  })

  it('knows at the end what wrappers inside have found out', async () => {
    const { logger, until } = journal()
    const gate =
      (app: App): App =>
      (request, context) =>
        app(request, Object.assign(context, { auth: { sub: 'ada' } }))
    const logged = accessLog(logger, ({ auth }) => ({ user: auth?.sub }))
    const ask = await start(logged(gate(() => new Response('hello'))))
    await ask('/')
    const [line] = await until(over)
    expect(line).toMatchObject({ user: 'ada', status: 200 })
  })
})
