/**
 * What is asked of every runtime. An answer is compared as JSON, word for word.
 *
 * @module
 */

/** Asks a server. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>

interface Question {
  readonly name: string
  readonly ask: (ask: Ask) => Promise<unknown>
  readonly wanted: unknown
  /** Platforms that answer otherwise by themselves, with their answer: it is asserted, too. */
  readonly except?: Readonly<Record<string, unknown>>
}

/** Milliseconds. All runtimes are asked side by side, on machines that may be slow. */
const limit = 60_000

/** Asks a server at this address; no redirect is followed, no answer awaited for ever. */
export function askAt(url: string): Ask {
  return (path, init = {}) => {
    const headers = new Headers(init.headers)
    // What miniflare puts in front of a Worker compresses, and holds back what it compresses.
    headers.set('accept-encoding', 'identity')
    return fetch(new URL(path, url), { redirect: 'manual', signal: AbortSignal.timeout(limit), ...init, headers })
  }
}

const statusAndText = async (response: Response): Promise<unknown> => [response.status, await response.text()]
const page = (path: string, init?: RequestInit) => async (ask: Ask) => statusAndText(await ask(path, init))
const fieldsOf = (path: string, ...names: string[]) => {
  return async (ask: Ask): Promise<unknown> => {
    const { headers } = await ask(path)
    return names.map((name) => (name === 'set-cookie' ? headers.getSetCookie() : headers.get(name)))
  }
}

interface Told {
  readonly finished: string[]
  readonly tasks: string[]
  readonly errors: string[]
}

/** Asks until the runtime has told enough: what comes after an answer comes in its own time. */
async function told(ask: Ask, choose: (record: Told) => string[], enough: number): Promise<string[]> {
  for (const end = Date.now() + limit; ;) {
    const lines = choose(JSON.parse(await (await ask('/record')).text()))
    if (lines.length >= enough || Date.now() > end) return lines
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const finished = (ask: Ask, name: RegExp, enough = 1): Promise<string[]> =>
  told(ask, (record) => record.finished.filter((line) => name.test(line)), enough)
const reported = (ask: Ask, text: string): Promise<string[]> =>
  told(ask, (record) => [...new Set(record.errors.filter((line) => line.endsWith(text)))], 1)

const plain500 = [500, '500 Internal Server Error\n']
const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', body, headers })

// The front of a local workerd ends a broken stream as if it were whole, for a Worker without Outerware as well.
const brokenWorkers = { workers: 'whole: half' }

export const questions: readonly Question[] = [
  { name: 'respond()', ask: page('/respond'), wanted: [201, 'light'] },
  { name: 'a native Response', ask: page('/native'), wanted: [200, 'native'] },
  {
    name: 'bytes',
    ask: async (ask) => [...new Uint8Array(await (await ask('/bytes')).arrayBuffer())],
    wanted: [0, 127, 128, 255],
  },
  { name: 'no body', ask: page('/empty'), wanted: [204, ''] },
  { name: 'HEAD', ask: page('/native', { method: 'HEAD' }), wanted: [200, ''] },
  { name: 'the app says 404', ask: page('/absent'), wanted: [404, '/absent'] },
  { name: 'Set-Cookie twice', ask: fieldsOf('/cookies', 'set-cookie'), wanted: [['a=1', 'b=2', 'outer=1']] },
  {
    name: 'Set-Cookie twice, native',
    ask: fieldsOf('/native-cookies', 'set-cookie'),
    wanted: [['a=1', 'b=2', 'outer=1']],
  },
  {
    name: 'an immutable redirect is edited',
    ask: async (ask) => {
      const { status, headers } = await ask('/redirect')
      return [status, new URL(headers.get('location') ?? '').pathname, headers.getSetCookie()]
    },
    wanted: [303, '/respond', ['outer=1']],
  },
  {
    name: 'securityHeaders()',
    ask: fieldsOf('/native', 'x-content-type-options', 'x-app'),
    wanted: ['nosniff', 'yes'],
  },
  { name: 'a refusal by a guard', ask: forged, wanted: [403, ['outer=1']] },
  { name: 'an app that throws', ask: page('/throw'), wanted: plain500 },
  { name: 'an app that rejects', ask: page('/reject'), wanted: plain500 },
  { name: 'an app that gives nothing', ask: page('/nothing'), wanted: plain500 },
  { name: 'a 500 keeps the security headers', ask: fieldsOf('/throw', 'x-content-type-options'), wanted: ['nosniff'] },
  { name: 'onError hears', ask: (ask) => reported(ask, 'of a promise'), wanted: ['Error: of a promise'] },
  { name: 'errors()', ask: page('/caught'), wanted: [503, 'mended'] },
  { name: 'a filter', ask: page('/filter'), wanted: [200, 'LIGHT!'] },
  { name: 'two filters over a native Response', ask: page('/native-filter'), wanted: [200, 'NATIVE!!'] },
  {
    name: 'onFinish, last added first',
    ask: async (ask) => [await (await ask('/finish')).text(), await finished(ask, /^(first|last)/, 2)],
    wanted: ['hello', ['last 200 sent', 'first 200 sent']],
  },
  {
    name: 'waitUntil',
    ask: async (ask) => {
      await (await ask('/task')).text()
      return [await told(ask, (record) => record.tasks, 1), await reported(ask, 'of a task')]
    },
    wanted: [['done'], ['Error: of a task']],
  },
  { name: 'an endless stream, left half way', ask: leave, wanted: ['tick', ['endless 200 aborted']] },
  { name: 'a stream that breaks never looks whole', ask: breakOff, wanted: 'failed', except: brokenWorkers },
  { name: 'an upload comes back', ask: page('/echo', post('up'.repeat(50_000))), wanted: [200, 'up'.repeat(50_000)] },
  { name: 'peekBody()', ask: page('/peek', post('body')), wanted: [200, '4 body'] },
  {
    name: 'peekBody() beyond its limit',
    ask: page('/peek', post('x'.repeat(101))),
    wanted: [200, `undefined ${'x'.repeat(101)}`],
  },
  { name: 'derive()', ask: seen('/derive?a=1', 'target', 'own'), wanted: ['/derived?b=2', 'new'] },
  { name: 'the request', ask: seen('/seen?a=%20b', 'target', 'method', 'own'), wanted: ['/seen?a=%20b', 'GET', 'old'] },
  { name: 'native()', ask: page('/forward', post('body')), wanted: [200, 'body'] },
  { name: 'pathOf() decodes once', ask: page('/a%20b/%2541'), wanted: [404, '/a b/%41'] },
  { name: 'pathOf() has no reading of %2F', ask: page('/a%2Fb'), wanted: [400, 'no one reading'] },
]

/** A form of another site. */
async function forged(ask: Ask): Promise<unknown> {
  const { status, headers } = await ask('/echo', post('', { 'sec-fetch-site': 'cross-site' }))
  return [status, headers.getSetCookie()]
}

async function leave(ask: Ask): Promise<unknown> {
  const leaving = new AbortController()
  const reader = (await ask('/endless', { signal: leaving.signal })).body!.getReader()
  const { value } = await reader.read()
  leaving.abort()
  return [new TextDecoder().decode(value).slice(0, 4), await finished(ask, /^endless/)]
}

function breakOff(ask: Ask): Promise<unknown> {
  return ask('/broken').then((response) =>
    response.text().then(
      (text) => `whole: ${text}`,
      () => 'failed',
    ),
  )
}

function seen(path: string, ...names: string[]) {
  return async (ask: Ask): Promise<unknown> => {
    const facts = JSON.parse(await (await ask(path, { headers: { 'x-own': 'old' } })).text())
    return names.map((name) => facts[name])
  }
}

/** Asks everything, one after the other; gives a line for each answer that is not the wanted one. */
export async function wrongAnswers(url: string, platform: string): Promise<string[]> {
  const ask = askAt(url)
  const all: Question[] = [
    ...questions,
    { name: 'the context', ask: seen('/seen', 'platform', 'ip', 'env'), wanted: [platform, '127.0.0.1', 'object'] },
  ]
  const wrong: string[] = []
  for (const { name, ask: question, wanted: usual, except } of all) {
    const wanted = except !== undefined && platform in except ? except[platform] : usual
    const got = await question(ask).catch((error: unknown) => String(error))
    if (JSON.stringify(got) !== JSON.stringify(wanted)) {
      wrong.push(`${name}: wanted ${short(wanted)}, got ${short(got)}`)
    }
  }
  return wrong
}

const short = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'nothing'
