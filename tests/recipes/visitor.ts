/**
 * Somebody who visits a site over plain HTTP: sends just what is written here, keeps cookies, follows redirects.
 *
 * `fetch` would add fields of its own (`Sec-Fetch-Mode`, `Accept-Encoding`), which is what these tests are about.
 */
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface Answer {
  readonly url: string
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** What a browser sends when somebody follows a link. */
export const navigation = {
  accept: 'text/html,application/xhtml+xml',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

export class Visitor {
  readonly #cookies = new Map<string, Map<string, string>>()

  /** One request, one answer. */
  async ask(url: string, ask: Ask = {}): Promise<Answer> {
    const answer = await this.#send(url, ask)
    return whole(url, answer, await buffer(answer))
  }

  /** The Cookie field that goes to a site, for those who ask by other means. */
  cookiesFor(url: string): string {
    return [...(this.#cookies.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Asks for a stream, and hangs up when it has heard enough. */
  async hear(url: string, ask: Ask, enough: (bytes: Buffer) => boolean): Promise<Answer> {
    const answer = await this.#send(url, ask)
    let bytes = Buffer.alloc(0)
    for await (const chunk of answer) {
      bytes = Buffer.concat([bytes, chunk])
      if (enough(bytes)) break
    }
    return whole(url, answer, bytes)
  }

  /** Goes there as a browser does, along all redirects. */
  async go(url: string, ask: Ask = {}): Promise<Answer> {
    const answer = await this.ask(url, { ...ask, headers: { ...navigation, ...ask.headers } })
    const { location } = answer.headers
    return location === undefined ? answer : this.go(new URL(location, url).href)
  }

  /** Sends a form, as its page would, and goes where that leads. */
  submit(url: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return this.go(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: 'null' },
      body: String(new URLSearchParams(fields)),
    })
  }

  /** Goes to a page that wants a sign-in, and signs in at the provider's form. */
  async signIn(url: string, email: string): Promise<Answer> {
    const form = await this.go(url)
    return this.submit(form.url, { email, password: 'any' })
  }

  #send(url: string, { method = 'GET', headers = {}, body }: Ask): Promise<IncomingMessage> {
    const { host } = new URL(url)
    const cookies = this.cookiesFor(url)
    const sent = cookies === '' ? headers : { ...headers, cookie: cookies }
    return new Promise((resolve, reject) => {
      const asking = request(url, { method, headers: sent, agent: false }, (answer) => {
        this.#keep(host, answer.headers['set-cookie'] ?? [])
        resolve(answer)
      })
      asking.on('error', reject)
      asking.end(body)
    })
  }

  #keep(host: string, fields: readonly string[]): void {
    const jar = this.#cookies.get(host) ?? new Map<string, string>()
    this.#cookies.set(host, jar)
    for (const field of fields) {
      const [pair = ''] = field.split(';')
      const [name = ''] = pair.split('=')
      if (/;\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(field)) jar.delete(name)
      else jar.set(name, pair.slice(name.length + 1))
    }
  }
}

function whole(url: string, { statusCode = 0, headers }: IncomingMessage, bytes: Buffer): Answer {
  return { url, status: statusCode, headers, bytes, text: bytes.toString() }
}
