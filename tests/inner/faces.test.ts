import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { constants, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { allowedHosts, allowedHostsHooks } from '@outerware/allowed-hosts'
import { compression, compressionHooks } from '@outerware/compression'
import { editHeaders, fromHooks, respond, type Hooks } from '@outerware/core'
import { crossOriginProtection, crossOriginProtectionHooks } from '@outerware/cross-origin-protection'
import { httpsRedirect, httpsRedirectHooks } from '@outerware/https-redirect'
import { noncePlaceholder, securityHeaders, securityHeadersHooks } from '@outerware/security-headers'
import { staticFiles, staticFilesHooks } from '@outerware/static'
import { listen, type Listening } from '../support/index.ts'
import { faces, gate, text, type Engine } from './faces.ts'

const dir = mkdtempSync(join(tmpdir(), 'outerware-faces-'))
writeFileSync(join(dir, 'file.txt'), 'a file')
afterAll(() => rmSync(dir, { recursive: true }))

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

type Fields = Readonly<Record<string, string>>

/** One request and what is expected of its answer. Of the fields `null` is one that must be missing. */
interface Case {
  readonly ask: readonly [start: string, fields?: Fields, body?: string]
  readonly status: number
  readonly fields?: Readonly<Record<string, unknown>>
  readonly text?: string
}

const page = { status: 200, text }
const posted = { status: 200, text: 'posted a=b' }
const form = { 'content-type': 'text/csv' }
const set = {
  'x-frame-options': 'SAMEORIGIN',
  'content-security-policy': expect.stringContaining("default-src 'self'"),
}
const gzip = { 'accept-encoding': 'gzip' }
const coded = { 'content-encoding': 'gzip', vary: expect.stringMatching(/accept-encoding/i) }
const bare = { 'content-encoding': null, vary: expect.stringMatching(/accept-encoding/i) }

const engines: readonly (Engine & { readonly cases: Readonly<Record<string, Case>> })[] = [
  {
    name: 'securityHeaders',
    wrapper: () => securityHeaders(),
    hooks: () => securityHeadersHooks(),
    cases: {
      'dresses a page': { ask: ['GET /text'], ...page, fields: { ...set, 'x-powered-by': null } },
      'dresses a HEAD': { ask: ['HEAD /text'], status: 200, fields: set, text: '' },
      // Express has a policy of its own for it, which stays.
      "dresses the framework's 404": {
        ask: ['GET /missing'],
        status: 404,
        fields: { 'x-frame-options': 'SAMEORIGIN', 'content-security-policy': expect.stringContaining('default-src') },
      },
      'keeps what the app has set': {
        ask: ['GET /own'],
        ...page,
        fields: { ...set, 'x-frame-options': 'DENY', etag: '"own"' },
      },
      'leaves a body to the app': { ask: ['POST /form', form, 'a=b'], ...posted, fields: set },
    },
  },
  {
    name: 'compression',
    wrapper: () => compression({ encodings: ['gzip'] }),
    hooks: () => compressionHooks({ encodings: ['gzip'] }),
    cases: {
      'codes a page': { ask: ['GET /text', gzip], ...page, fields: coded },
      'leaves a page bare for who wants it so': { ask: ['GET /text'], ...page, fields: bare },
      'leaves a short answer bare': { ask: ['GET /short', gzip], status: 200, text: 'hi', fields: bare },
      'weakens the entity tag': { ask: ['GET /own', gzip], ...page, fields: { ...coded, etag: 'W/"own"' } },
      'says of a HEAD what it would be': {
        ask: ['HEAD /text', gzip],
        status: 200,
        text: '',
        fields: { vary: coded.vary },
      },
      'leaves a body to the app': { ask: ['POST /form', form, 'a=b'], ...posted },
    },
  },
  {
    name: 'staticFiles',
    wrapper: () => staticFiles(dir),
    hooks: () => staticFilesHooks(dir),
    cases: {
      'answers for a file': {
        ask: ['GET /file.txt'],
        status: 200,
        text: 'a file',
        fields: { 'content-type': 'text/plain; charset=utf-8', 'content-length': '6', etag: expect.any(String) },
      },
      'answers a HEAD': { ask: ['HEAD /file.txt'], status: 200, text: '', fields: { 'content-length': '6' } },
      'answers for a part': {
        ask: ['GET /file.txt', { range: 'bytes=2-5' }],
        status: 206,
        text: 'file',
        fields: { 'content-range': 'bytes 2-5/6' },
      },
      'knows what has not changed': { ask: ['GET /file.txt', { 'if-none-match': '*' }], status: 304, text: '' },
      'lets the app answer for the rest': { ask: ['GET /text'], ...page },
      "lets the framework's 404 through": { ask: ['GET /missing'], status: 404 },
      'leaves a body to the app': { ask: ['POST /form', form, 'a=b'], ...posted },
    },
  },
  {
    name: 'allowedHosts',
    wrapper: () => allowedHosts(['site.test']),
    hooks: () => allowedHostsHooks(['site.test']),
    cases: {
      'lets its own host through': { ask: ['GET /text', { host: 'site.test' }], ...page },
      'refuses another': { ask: ['GET /text', { host: 'evil.test' }], status: 400, text: '400 Bad Request\n' },
      'refuses a form for another': { ask: ['POST /form', { ...form, host: 'evil.test' }, 'a=b'], status: 400 },
      'leaves a body to the app': { ask: ['POST /form', { ...form, host: 'site.test' }, 'a=b'], ...posted },
    },
  },
  {
    name: 'httpsRedirect',
    wrapper: () => httpsRedirect({ exempt: ['/form', '/short'] }),
    hooks: () => httpsRedirectHooks({ exempt: ['/form', '/short'] }),
    cases: {
      'redirects a page': {
        ask: ['GET /text?a=b', { host: 'site.test' }],
        status: 301,
        text: '',
        fields: { location: 'https://site.test/text?a=b' },
      },
      'redirects a form with its method': {
        ask: ['POST /other', { ...form, host: 'site.test' }, 'a=b'],
        status: 308,
        fields: { location: 'https://site.test/other' },
      },
      'lets through what is exempt': { ask: ['GET /short'], status: 200, text: 'hi' },
      'leaves a body to the app': { ask: ['POST /form', form, 'a=b'], ...posted },
    },
  },
  {
    name: 'crossOriginProtection',
    wrapper: () => crossOriginProtection(),
    hooks: () => crossOriginProtectionHooks(),
    cases: {
      'refuses a form of another site': {
        ask: ['POST /form', { ...form, 'sec-fetch-site': 'cross-site' }, 'a=b'],
        status: 403,
      },
      'takes a form of the site itself': {
        ask: ['POST /form', { ...form, 'sec-fetch-site': 'same-origin' }, 'a=b'],
        ...posted,
      },
      'lets a page through, whoever links to it': { ask: ['GET /text', { 'sec-fetch-site': 'cross-site' }], ...page },
    },
  },
]

it('the table has every engine that a package gives as hooks', async () => {
  const packages = readdirSync(join(import.meta.dirname.replace(/[\\/]tests[\\/].*/, ''), 'middlewares'))
  const modules = await Promise.all(packages.map((name) => import(`@outerware/${name}`)))
  const given = modules.flatMap((module) => Object.keys(module)).filter((name) => name.endsWith('Hooks'))
  expect(given.toSorted()).toEqual(engines.map(({ name }) => `${name}Hooks`).toSorted())
})

describe.each(engines)('$name', (engine) => {
  describe.each(faces)('%s', (_name, face) => {
    let server: Listening
    beforeAll(async () => void (server = await listen(await face(engine))))
    afterAll(() => server.close())

    it.each(Object.entries(engine.cases))('%s', async (_promise, wanted) => {
      const answer = await send(server.port, ...wanted.ask)
      expect(answer.status).toBe(wanted.status)
      if (wanted.text !== undefined) expect(answer.text).toBe(wanted.text)
      for (const [name, value] of Object.entries(wanted.fields ?? {})) {
        if (value === null) expect(answer.headers).not.toHaveProperty(name)
        else expect(answer.headers).toHaveProperty(name, value)
      }
    })
  })
})

describe.each(faces)('hooks in common: %s', (_name, face) => {
  const serving = async <T>(hooks: Hooks, use: (port: number) => Promise<T>): Promise<T> => {
    const server = await listen(await face({ name: '', hooks: () => hooks, wrapper: () => fromHooks(hooks) }))
    try {
      return await use(server.port)
    } finally {
      await server.close()
    }
  }

  it('an early answer passes the response half, and the app is not asked', async () => {
    const hooks: Hooks = {
      request: () => respond('early', { status: 418 }),
      response: (response) => editHeaders(response, (headers) => headers.set('x-mark', '1')),
    }
    const answer = await serving(hooks, (port) => send(port, 'POST /form', form, 'a=b'))
    expect([answer.status, answer.text, answer.headers['x-mark']]).toEqual([418, 'early', '1'])
  })

  it('what a half puts on the context is for one request: a nonce, in its policy and in its page', async () => {
    const asked = await serving(securityHeadersHooks({ nonce: true }), (port) =>
      Promise.all(Array.from({ length: 5 }, () => send(port, 'GET /script'))),
    )
    const nonces = asked.map(({ text }) => /nonce="([^"]+)"/.exec(text)?.[1])
    expect(new Set(nonces).size).toBe(5)
    expect(nonces).not.toContain(noncePlaceholder())
    asked.forEach(({ headers }, i) => {
      expect(headers['content-security-policy']).toContain(`script-src 'self' 'nonce-${nonces[i]}'`)
    })
  })

  it('a stream stays a stream: an event is out, coded, before the next one is there', async () => {
    const heard = await serving(compressionHooks({ encodings: ['gzip'] }), (port) => hear(port, '/events'))
    expect(heard).toEqual(['data: one\n\n', 'data: one\n\ndata: two\n\n'])
  })

  it('halves may take their time, and many at once find their own', async () => {
    const hooks: Hooks<{ asked?: string }> = {
      async request(request, context) {
        context.asked = request.headers.get('x-id') ?? ''
        await new Promise((resolve) => setImmediate(resolve))
        return undefined
      },
      async response(response, _request, { asked }) {
        await new Promise((resolve) => setImmediate(resolve))
        return editHeaders(response, (headers) => headers.set('x-asked', asked ?? ''))
      },
    }
    const ids = Array.from({ length: 30 }, (_, i) => `r${i}`)
    const answers = await serving(hooks, (port) =>
      Promise.all(ids.map((id) => send(port, 'GET /text', { 'x-id': id }))),
    )
    expect(answers.map(({ headers, text }) => [headers['x-asked'], text.length])).toEqual(
      ids.map((id) => [id, text.length]),
    )
  })

  it.each(['request', 'response'] as const)('a %s half that fails is a 500', async (half) => {
    const boom = (): never => {
      throw Object.assign(new Error('no'), { expose: false })
    }
    const silenced = jest.spyOn(console, 'error').mockImplementation(() => {})
    const { status } = await serving({ [half]: boom }, (port) => send(port, 'GET /text'))
    silenced.mockRestore()
    expect(status).toBe(500)
  })
})

/** What a client knows of coded events before the second of them is made, and at the end. */
async function hear(port: number, path: string): Promise<string[]> {
  const asking = request({ port, path, host: '127.0.0.1', agent: false, headers: gzip }).end()
  const [message] = await once(asking, 'response')
  const known: string[] = []
  let bytes = Buffer.alloc(0)
  for await (const chunk of message) {
    bytes = Buffer.concat([bytes, chunk])
    const decoded = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
    if (known.length === 0 && decoded !== '') {
      known.push(decoded)
      gate.open()
    }
  }
  return [...known, gunzipSync(bytes).toString()]
}

/** One request on a connection of its own; the body comes decoded. */
function send(port: number, start: string, fields: Fields = {}, body?: string): Promise<Answer> {
  const [method = '', path = ''] = start.split(' ')
  return new Promise((resolve, reject) => {
    const asking = request({ port, path, method, host: '127.0.0.1', agent: false, headers: fields }, (message) => {
      const coding = message.headers['content-encoding']
      buffer(message).then((bytes) => {
        const decoded = coding === 'gzip' && bytes.length > 0 ? gunzipSync(bytes) : bytes
        resolve({ status: message.statusCode ?? 0, headers: message.headers, text: decoded.toString() })
      }, reject)
    })
    asking.on('error', reject).end(body)
  })
}
