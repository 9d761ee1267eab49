import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, jest } from '@jest/globals'
import { toNode } from '@outerware/core/node'
import { staticFiles } from '@outerware/static'
import { exchange, get, listen, testContext } from '../support/index.ts'
import { app, asking, CHANGED, folder, linkOf, interruptedExchange, said, settle, type Ask } from './support.ts'

const tagOfBytes = (bytes: string | Uint8Array): string =>
  `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`

const at = (path: string, text: string): void => {
  writeFileSync(path, text)
  utimesSync(path, new Date(CHANGED), new Date(CHANGED))
}

// What happens to a.txt, which holds 'hello', and what is answered then.
const happenings: readonly [name: string, change: (path: string) => void, answer: string][] = [
  ['is deleted', (path) => unlinkSync(path), '404 app: GET'],
  ['grows', (path) => appendFileSync(path, ', world'), '200 hello, world'],
  ['shrinks', (path) => truncateSync(path, 2), '200 he'],
  ['is emptied', (path) => truncateSync(path, 0), '200 '],
  ['is written over, with the same size', (path) => writeFileSync(path, 'HELLO'), '200 HELLO'],
  ['is written over, with the same size and the same time', (path) => at(path, 'HELLO'), '200 HELLO'],
  [
    'is replaced by a file of the same size and the same time',
    (path) => {
      at(`${path}.new`, 'HELLO')
      renameSync(`${path}.new`, path)
    },
    '200 HELLO',
  ],
  [
    'becomes a directory',
    (path) => {
      unlinkSync(path)
      mkdirSync(path)
    },
    '404 app: GET',
  ],
  [
    'becomes a pipe',
    (path) => {
      unlinkSync(path)
      execFileSync('mkfifo', [path])
    },
    '404 app: GET',
  ],
  [
    'becomes a link to outside',
    (path) => {
      unlinkSync(path)
      symlinkSync('/etc/passwd', path)
    },
    '404 app: GET',
  ],
  [
    'gets a directory above it that is a link to outside',
    (path) => {
      const elsewhere = folder({ 'a.txt': 'SECRET' })
      rmSync(join(path, '..'), { recursive: true })
      symlinkSync(elsewhere, join(path, '..'))
    },
    '404 app: GET',
  ],
]

/** A folder with the file; an `ask` that has asked for it, so that all that may be known of it is known. */
async function known(options: { cache?: false; recheckMs?: number }): Promise<{ ask: Ask; path: string }> {
  const dir = folder({ 'deep/a.txt': 'hello' })
  await settle()
  const ask = asking({ dir, ...options })
  expect(await said(await ask('/deep/a.txt'))).toBe('200 hello')
  return { ask, path: join(dir, 'deep/a.txt') }
}

describe.each([
  ['from memory, looking each time', { recheckMs: 0 }],
  ['from the disk', { cache: false, recheckMs: Infinity }],
  ['from the disk, looking each time', { cache: false, recheckMs: 0 }],
] as const)('%s, a file that', (_name, options) => {
  it.each(happenings)('%s is answered right', async (_what, change, answer) => {
    const { ask, path } = await known(options)
    change(path)
    const response = await ask('/deep/a.txt')
    const body = await response.text()
    expect(`${response.status} ${body}`).toBe(answer)
    if (response.status !== 200) return
    expect(response.headers.get('content-length')).toBe(String(body.length))
    expect(response.headers.get('etag')).toBe(tagOfBytes(body))
  })

  it('is changed answers a condition with what it is now', async () => {
    const { ask, path } = await known({ ...options, recheckMs: 0 })
    writeFileSync(path, 'HELLO')
    expect((await ask('/deep/a.txt', { 'if-none-match': tagOfBytes('hello') })).status).toBe(200)
    expect((await ask('/deep/a.txt', { 'if-none-match': tagOfBytes('HELLO') })).status).toBe(304)
    expect((await ask('/deep/a.txt', {}, 'HEAD')).headers.get('etag')).toBe(tagOfBytes('HELLO'))
    expect(await said(await ask('/deep/a.txt', { range: 'bytes=0-1' }))).toBe('206 HE')
  })

  it('comes back is there again', async () => {
    const { ask, path } = await known(options)
    unlinkSync(path)
    expect((await ask('/deep/a.txt')).status).toBe(404)
    writeFileSync(path, 'back')
    expect(await said(await ask('/deep/a.txt'))).toBe('200 back')
  })
})

it.each<[string, Record<string, string>]>([
  ['whole', {}],
  ['in part', { range: 'bytes=0-1' }],
  ['coded', { 'accept-encoding': 'gzip' }],
])('a file that is gone is a miss for all who ask at the same time, %s', async (_name, headers) => {
  for (const cache of [{}, { cache: false }] as const) {
    const dir = folder({ 'a.txt': 'x'.repeat(100), 'a.txt.gz': 'gz' })
    const ask = asking({ dir, ...cache })
    rmSync(dir, { recursive: true })
    const answers: Promise<string>[] = []
    for (let i = 0; i < 40; i++) {
      answers.push(ask('/a.txt', headers).then(said))
      // One after the other, so that they meet at all stages.
      for (let turns = 0; turns < i % 3; turns++) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['404 app: GET']))
  }
})

it('a file that may not be read any more is a miss', async () => {
  const { ask, path } = await known({ cache: false })
  // Root may read everything; nobody may not even look into a folder of ours.
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  else chmodSync(path, 0)
  const response = await ask('/deep/a.txt')
  if (isRoot) process.seteuid?.(0)
  expect(await said(response)).toBe('404 app: GET')
})

it('what was found is trusted for as long as recheckMs says, also if somebody sets the clock back', async () => {
  const { ask, path } = await known({ recheckMs: 60_000 })
  writeFileSync(path, 'later')
  const start = Date.now()
  const clock = jest.spyOn(Date, 'now')
  try {
    clock.mockReturnValue(start)
    expect(await said(await ask('/deep/a.txt'))).toBe('200 hello')
    clock.mockReturnValue(start + 60_001)
    expect(await said(await ask('/deep/a.txt'))).toBe('200 later')
    writeFileSync(path, 'last')
    clock.mockReturnValue(start - 3_600_000)
    expect(await said(await ask('/deep/a.txt'))).toBe('200 last')
  } finally {
    clock.mockRestore()
  }
})

it('a file that has changed loses its siblings, which are older now', async () => {
  const dir = folder({ 'a.txt': 'hello'.repeat(10), 'a.txt.gz': 'zipped' })
  await settle()
  const ask = asking({ dir, recheckMs: 0 })
  expect(await said(await ask('/a.txt', { 'accept-encoding': 'gzip' }))).toBe('200 zipped')
  writeFileSync(join(dir, 'a.txt'), 'HELLO'.repeat(10))
  const response = await ask('/a.txt', { 'accept-encoding': 'gzip' })
  expect(response.headers.has('vary')).toBe(false)
  expect(await said(response)).toBe(`200 ${'HELLO'.repeat(10)}`)
})

it('a sibling that is gone leaves the plain form', async () => {
  const dir = folder({ 'a.txt': 'hello'.repeat(10), 'a.txt.gz': 'zipped' })
  const ask = asking({ dir, cache: false })
  unlinkSync(join(dir, 'a.txt.gz'))
  const response = await ask('/a.txt', { 'accept-encoding': 'gzip' })
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(await said(response)).toBe(`200 ${'hello'.repeat(10)}`)
})

it('a file that is written to within the clock’s step is never answered from memory', async () => {
  const dir = folder({ 'a.txt': 'aaaaa' })
  const ask = asking({ dir, recheckMs: 0 })
  for (const letter of 'bcdefghijklmnopqrstuvwxyz') {
    at(join(dir, 'a.txt'), letter.repeat(5))
    const response = await ask('/a.txt')
    expect(response.headers.get('etag')).toBe(tagOfBytes(letter.repeat(5)))
    expect(await said(response)).toBe(`200 ${letter.repeat(5)}`)
  }
})

it('what is read within a step of the file system’s clock is not kept: another change would not show', async () => {
  const dir = folder({ 'a.txt': 'hello' })
  const ask = asking({ dir, recheckMs: Infinity })
  const clock = jest.spyOn(Date, 'now').mockReturnValue(statSync(join(dir, 'a.txt')).ctimeMs + 20)
  try {
    expect(await said(await ask('/a.txt'))).toBe('200 hello')
    rmSync(dir, { recursive: true })
    expect(await said(await ask('/a.txt'))).toBe('404 app: GET')
  } finally {
    clock.mockRestore()
  }
})

it('a hash that comes late, of a file that was replaced meanwhile, is not taken for that of the new one', async () => {
  const dir = folder({ 'a.bin': Buffer.alloc(16_000_000, 'a') })
  const ask = asking({ dir, recheckMs: 0 })
  const late = ask('/a.bin', {}, 'HEAD')
  await sleep(2)
  at(join(dir, 'new'), 'new')
  renameSync(join(dir, 'new'), join(dir, 'a.bin'))
  const tags = [await ask('/a.bin'), await late, await ask('/a.bin')].map(({ headers }) => headers.get('etag'))
  expect(tags).toEqual([tagOfBytes('new'), tagOfBytes('new'), tagOfBytes('new')])
})

it('a change that many requests meet leaves none of them without a tag', async () => {
  const [before, after] = [Buffer.alloc(4_000_000, 'a'), Buffer.alloc(4_000_000, 'b')]
  const dir = folder({ 'a.bin': before, new: after })
  const ask = asking({ dir, recheckMs: 0 })
  const answers: Promise<Response>[] = []
  for (let i = 0; i < 40; i++) {
    answers.push(ask('/a.bin', {}, 'HEAD'))
    if (i === 20) renameSync(join(dir, 'new'), join(dir, 'a.bin'))
    for (let turns = 0; turns < i % 4; turns++) await new Promise((resolve) => setImmediate(resolve))
  }
  const tags = (await Promise.all(answers)).map(({ headers }) => headers.get('etag'))
  expect(tags.filter((tag) => tag !== tagOfBytes(before) && tag !== tagOfBytes(after))).toEqual([])
  expect(tags.at(-1)).toBe(tagOfBytes(after))
})

it('a log that never keeps still is sent as it is, with nothing to compare', async () => {
  const SIZE = 4_000_000
  const dir = folder({ 'app.log': Buffer.alloc(SIZE, 'x') })
  const ask = asking({ dir, cache: false })
  const writer = spawn('sh', ['-c', `while :; do printf y >> ${join(dir, 'app.log')}; done`])
  /** On a busy machine the writer may pause for so long that the log keeps still for once. */
  const restless = async (method: string): Promise<Response> => {
    for (;;) {
      const response = await ask('/app.log', {}, method)
      if (!response.headers.has('etag')) return response
      await response.body?.cancel()
    }
  }
  try {
    const [response, head] = [await restless('GET'), await restless('HEAD')]
    const bytes = await response.bytes()
    expect(response.headers.get('content-length')).toBe(String(bytes.byteLength))
    expect(bytes.findIndex((byte) => byte !== 120)).toBe(bytes.byteLength > SIZE ? SIZE : -1)
    for (const { status, headers } of [response, head]) {
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.has('last-modified') || headers.has('accept-ranges')).toBe(false)
    }
    expect(head.body).toBeNull()
  } finally {
    writer.kill()
  }
})

describe('while it is sent, a file that', () => {
  const SIZE = 1_000_000

  const replace = (path: string): void => {
    writeFileSync(`${path}.new`, 'new')
    renameSync(`${path}.new`, path)
  }
  const write =
    (size: number) =>
    (path: string): void =>
      writeFileSync(path, Buffer.alloc(size, 'y'))

  it.each<[string, (path: string) => void, Record<string, string>]>([
    ['becomes shorter', (path) => truncateSync(path, 1000), {}],
    ['becomes shorter', (path) => truncateSync(path, 1000), { range: 'bytes=0-900000' }],
    ['is written over', write(SIZE), {}],
    ['is written over', write(SIZE), { range: 'bytes=0-900000,900010-' }],
    ['is written over by a longer one', write(SIZE + 1), {}],
    [
      'grows in the coded form that is sent',
      (path) => appendFileSync(`${path}.gz`, 'z'),
      { 'accept-encoding': 'gzip' },
    ],
  ])('%s fails the body, which must not look whole', async (_what, change, headers) => {
    await expect(interrupted(change, headers)).rejects.toThrow(
      /^\/.*\/a\.bin(\.gz)? (became shorter|was changed) while it was sent$/,
    )
  })

  it.each<[string, (path: string) => void, Record<string, string>]>([
    ['grows', (path) => appendFileSync(path, 'yyy'), {}],
    ['is deleted', unlinkSync, {}],
    ['is replaced', replace, {}],
    ['is replaced', replace, { range: 'bytes=0-' }],
    ['gets another owner, mode or name', (path) => renameSync(path, `${path}.old`), {}],
  ])('%s goes out as it was', async (_what, change, headers) => {
    expect(await interrupted(change, headers)).toBe('x'.repeat(SIZE))
  })

  /** Reads the body, and changes the file behind its first bytes. */
  async function interrupted(change: (path: string) => void, headers: Record<string, string>): Promise<string> {
    const dir = folder({ 'a.bin': Buffer.alloc(SIZE, 'x'), 'a.bin.gz': Buffer.alloc(SIZE - 1, 'z') })
    const { body } = await asking(dir)('/a.bin', headers)
    let text = ''
    for await (const chunk of body ?? []) {
      if (text === '') change(join(dir, 'a.bin'))
      text += Buffer.from(chunk).toString('latin1')
    }
    return text
  }

  it('becomes shorter cuts the connection', async () => {
    // More than the sockets of both sides take.
    const dir = folder({ 'a.bin': Buffer.alloc(15_000_000, 'x') })
    const server = await listen(toNode(staticFiles({ dir })(app), { onError: () => {} }))
    const request = 'GET /a.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const text = await interruptedExchange(server.port, request, () => truncateSync(join(dir, 'a.bin'), 1000))
    await server.close()
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).toContain('content-length: 15000000\r\n')
    expect(text.length).toBeLessThan(15_000_000)
  })
})

it('files that are replaced and written over under load are always answered with bytes that fit their tag', async () => {
  const text = (name: string, version: number): string =>
    name === 'small.txt' ? `small ${version}` : `large ${version} `.repeat(9_000 + (version % 3))
  const names = ['small.txt', 'large.txt']
  const dir = folder(Object.fromEntries(names.map((name) => [name, text(name, 0)])))
  let isWriting = true
  const write = async (): Promise<void> => {
    for (let version = 1; isWriting; version++) {
      for (const name of names) {
        const path = join(dir, name)
        const target = version % 2 === 0 ? path : `${path}.new`
        writeFileSync(target, text(name, version))
        if (target !== path) renameSync(target, path)
      }
      await sleep(5)
    }
  }
  const server = await listen(toNode(staticFiles({ dir, recheckMs: 0 })(app), { onError: () => {} }))
  const seen = new Set<string>()
  const ask = async (name: string): Promise<void> => {
    const answer = await fetch(`${server.url}/${name}`)
    // A cut in the middle is right, where the file was written over in the middle.
    const bytes = await answer.bytes().catch(() => undefined)
    const tag = answer.headers.get('etag')
    expect(answer.status).toBe(200)
    if (tag === null) expect(answer.headers.get('cache-control')).toBe('no-store')
    if (bytes === undefined) return
    expect(bytes.byteLength).toBe(Number(answer.headers.get('content-length')))
    if (tag !== null) expect(tag).toBe(tagOfBytes(bytes))
    seen.add(`${name} ${tag}`)
  }
  const writing = write()
  try {
    for (let round = 0; round < 30; round++) await Promise.all(names.map(ask))
  } finally {
    isWriting = false
    await writing
    await server.close()
  }
  expect(seen.size).toBeGreaterThan(10)
})

describe('no descriptor stays open', () => {
  const openFiles = (dir: string): number =>
    readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(dir)).length

  const closed = async (dir: string): Promise<number> => {
    for (let tries = 0; tries < 1500 && openFiles(dir) > 0; tries++) await sleep(20)
    return openFiles(dir)
  }
  const big = (): string => folder({ 'big.bin': Buffer.alloc(5_000_000), 'big.bin.gz': Buffer.alloc(3_000_000) })

  it.each([
    ['whole', {}],
    ['in part', { range: 'bytes=10-4000000' }],
    ['in parts', { range: 'bytes=10-2000000,3000000-' }],
    ['as HEAD', {}],
    ['unchanged', { 'if-none-match': '*' }],
    ['unsatisfied', { range: 'bytes=9999999-' }],
  ])('after an answer %s', async (name, headers) => {
    const dir = big()
    const method = name === 'as HEAD' ? 'HEAD' : 'GET'
    await (await asking(dir)('/big.bin', headers, method)).arrayBuffer()
    expect(await closed(dir)).toBe(0)
  })

  it('after an answer that nobody has read', async () => {
    const dir = big()
    const context = testContext()
    await staticFiles(dir)(app)(get('/big.bin'), context)
    expect(openFiles(dir)).toBe(1)
    context.finish()
    expect(await closed(dir)).toBe(0)
  })

  it('after an answer whose body was cancelled', async () => {
    const dir = big()
    const response = await asking(dir)('/big.bin')
    await response.body?.cancel()
    expect(await closed(dir)).toBe(0)
  })

  it('after clients that have left, and after an exception further out', async () => {
    const dir = big()
    const files = staticFiles(dir)(app)
    let isBroken = false
    const server = await listen(
      toNode(
        async (request, context) => {
          const response = await files(request, context)
          if (isBroken) throw new Error('further out')
          return response
        },
        { onError: () => {} },
      ),
    )
    const request = 'GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n'
    await Promise.all(Array.from({ length: 10 }, () => exchange(server.port, request, { timeoutMs: 30 })))
    isBroken = true
    const { text } = await exchange(server.port, `${request.slice(0, -2)}Connection: close\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 500 /)
    expect(await closed(dir)).toBe(0)
    await server.close()
  })
})
