import type { App } from '@outerware/core'
import { testContext } from '../../support/index.ts'
import { send as overNetwork } from './network.ts'

/** What a browser got in the end. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Every address on the way, the first and the last included. */
  readonly chain: readonly string[]
}

/** How a request is made: by default as a click on a link. */
export interface Visit {
  readonly method?: string
  readonly body?: URLSearchParams
  /** In place of a form. */
  readonly json?: object
  readonly headers?: Record<string, string>
  /** Stops in front of an address that this says `true` to. */
  readonly stopAt?: (url: string) => boolean
}

/**
 * A browser without a window: keeps cookies as RFC 6265bis says, follows redirects, fills in forms.
 *
 * Sites are apps that are called directly, each at its origin; every other origin is on the network.
 */
export interface Browser {
  /** Cookies by origin, then by name. */
  readonly jar: Map<string, Map<string, Cookie>>
  /** Sends one request, with the cookies of its origin, and follows nothing. */
  fetch(url: string, visit?: Visit): Promise<Response>
  /** Loads a page, through all redirects. */
  open(url: string, visit?: Visit): Promise<Page>
  /** Sends the form of a page, with these fields filled in. */
  submit(page: Page, fields?: Record<string, string>, visit?: Visit): Promise<Page>
  /** Signs in at the provider's forms and gives consent, until a page without a form of the provider comes. */
  signIn(url: string, user?: string, visit?: Visit): Promise<Page>
  /** The Cookie header that would go to an address. */
  cookieHeader(url: string): string
}

interface Cookie {
  readonly value: string
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: string
  readonly expires: number
}

const navigation = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
}

export function browser(sites: Readonly<Record<string, App>>): Browser {
  const jar: Browser['jar'] = new Map()

  const cookieHeader = (url: string): string => {
    const { origin, pathname, protocol } = new URL(url)
    return [...(jar.get(origin) ?? [])]
      .filter(([, { path, secure, expires }]) => {
        const inPath = pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
        return inPath && expires > Date.now() && (!secure || protocol === 'https:')
      })
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  const send = async (url: string, { method = 'GET', body, json, headers = {} }: Visit): Promise<Response> => {
    const all = new Headers({ ...navigation, ...headers })
    const cookies = cookieHeader(url)
    if (cookies !== '') all.set('cookie', cookies)
    const { origin } = new URL(url)
    if (method === 'POST' && !all.has('origin')) all.set('origin', origin)
    const init = { method, headers: all, ...bodyOf(body, json) }
    const site = sites[origin]
    const response = site === undefined ? await overNetwork(url, init) : await call(site, new Request(url, init))
    for (const line of response.headers.getSetCookie()) keep(origin, line)
    return response
  }

  const keep = (origin: string, line: string): void => {
    const [name, cookie] = parse(line, origin)
    const cookies = jar.get(origin) ?? new Map<string, Cookie>()
    jar.set(origin, cookies)
    cookies.delete(name)
    if (cookie.expires > Date.now()) cookies.set(name, cookie)
  }

  const open = async (first: string, visit: Visit = {}): Promise<Page> => {
    let [url, step] = [first, visit]
    const chain: string[] = []
    for (let hops = 0; hops < 20; hops++) {
      chain.push(url)
      const response = await send(url, step)
      const location = response.headers.get('location')
      const isOver = location === null || response.status < 300 || response.status > 399
      const next = isOver ? url : new URL(location, url).href
      if (isOver || visit.stopAt?.(next) === true) {
        return { url: next, status: response.status, headers: response.headers, text: await response.text(), chain }
      }
      await response.body?.cancel()
      // 307 and 308 keep method and body; nobody on our way uses them.
      step = response.status >= 307 ? visit : { headers: visit.headers ?? {} }
      url = next
    }
    throw new Error(`too many redirects: ${chain.join(' -> ')}`)
  }

  const submit = (page: Page, fields: Record<string, string> = {}, visit: Visit = {}): Promise<Page> => {
    const form = /<form[^>]*\baction="([^"]+)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text)
    if (form === null) throw new Error(`no form in the page at ${page.url}: ${page.text.slice(0, 300)}`)
    const body = new URLSearchParams()
    for (const [input] of form[2]!.matchAll(/<input[^>]*>/g)) {
      const name = attribute(input, 'name')
      if (name !== undefined) body.set(name, attribute(input, 'value') ?? '')
    }
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return open(new URL(form[1]!.replaceAll('&amp;', '&'), page.url).href, { ...visit, method: 'POST', body })
  }

  const signIn = async (url: string, user = 'ann', visit: Visit = {}): Promise<Page> => {
    let page = await open(url, visit)
    // The second is a page that sends itself, by script.
    while (page.text.includes('name="prompt"') || page.text.includes('document.forms[0].submit()')) {
      page = await submit(page, page.text.includes('name="login"') ? { login: user, password: 'x' } : {}, visit)
    }
    return page
  }

  return { jar, fetch: (url, visit = {}) => send(url, visit), open, submit, signIn, cookieHeader }
}

/** What a request carries, with its type. */
function bodyOf(body: URLSearchParams | undefined, json: object | undefined): { body?: URLSearchParams | string } {
  if (json !== undefined) return { body: JSON.stringify(json) }
  return body === undefined ? {} : { body }
}

async function call(site: App, request: Request): Promise<Response> {
  const context = testContext()
  const response = await site(request, context)
  await Promise.all(context.tasks)
  return response
}

/** Reads a Set-Cookie line as a browser does, and fails where a browser would not take the cookie. */
function parse(line: string, origin: string): [name: string, cookie: Cookie] {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const [name = '', value = ''] = splitOnce(pair, '=')
  const given = new Map(
    attributes.map((part) => splitOnce(part, '=')).map(([key = '', text = '']) => [key.toLowerCase(), text]),
  )
  const secure = given.has('secure')
  const path = given.get('path') ?? '/'
  const isHttps = origin.startsWith('https:')
  if (secure && !isHttps) throw new Error(`a Secure cookie over http: ${line}`)
  if (name.startsWith('__Host-') && !(secure && path === '/' && !given.has('domain'))) {
    throw new Error(`not a __Host- cookie: ${line}`)
  }
  if (name.length + value.length > 4096) throw new Error(`a cookie of ${value.length} bytes: ${name}`)
  const maxAge = given.get('max-age')
  const dated = given.get('expires')
  const expires =
    maxAge !== undefined ? Date.now() + Number(maxAge) * 1000 : dated === undefined ? Infinity : Date.parse(dated)
  return [
    name,
    { value, path, secure, httpOnly: given.has('httponly'), sameSite: given.get('samesite') ?? '', expires },
  ]
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
}
