import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { compose, provide, respond, type App, type InlineHashes } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import {
  securityHeaders,
  type ContentSecurityPolicyOptions,
  type SecurityHeadersOptions,
} from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { inBrowser } from '../browser/browser.ts'
import { get, listen, testContext, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

const hashes: InlineHashes = { scriptHashes: ['sha256-S1=', 'sha256-S2='], styleHashes: ['sha256-T='] }

/** A page as `staticFiles()` answers it, inside. */
const page =
  (offered: InlineHashes, status = 200): App =>
  (_request, context) => {
    provide(context, offered)
    return respond(status === 304 ? null : '<script>1</script>', { status, headers: { 'content-type': 'text/html' } })
  }

async function policyOf(options: SecurityHeadersOptions, app: App = page(hashes)): Promise<Map<string, string>> {
  const { headers } = await securityHeaders(options)(app)(get(), testContext())
  const policy = headers.get('content-security-policy') ?? headers.get('content-security-policy-report-only') ?? ''
  return new Map(
    policy.split(';').map((directive) => [directive.split(' ')[0]!, directive.replace(/nonce-[^']+/, 'nonce-N')]),
  )
}

const csp = (
  directives: NonNullable<ContentSecurityPolicyOptions['directives']>,
  more: object = {},
): SecurityHeadersOptions => ({
  contentSecurityPolicy: { directives, ...more },
})

it.each<[string, SecurityHeadersOptions, string, string | undefined]>([
  ['join script-src', {}, 'script-src', "script-src 'self' 'sha256-S1=' 'sha256-S2='"],
  ["leave 'unsafe-inline' of styles in force", {}, 'style-src', "style-src 'self' https: 'unsafe-inline'"],
  [
    "leave 'unsafe-inline' of scripts in force",
    csp({ scriptSrc: ["'unsafe-inline'"] }),
    'script-src',
    "script-src 'unsafe-inline'",
  ],
  ['join style-src else', csp({ styleSrc: ["'self'"] }), 'style-src', "style-src 'self' 'sha256-T='"],
  ["take the place of 'none'", csp({ scriptSrc: ["'none'"] }), 'script-src', "script-src 'sha256-S1=' 'sha256-S2='"],
  [
    'begin with default-src where script-src is missing',
    csp({ scriptSrc: null }),
    'script-src',
    "script-src 'self' 'sha256-S1=' 'sha256-S2='",
  ],
  [
    'join script-src-elem',
    csp({ scriptSrcElem: ["'self'"] }),
    'script-src-elem',
    "script-src-elem 'self' 'sha256-S1=' 'sha256-S2='",
  ],
  ['stand there once', csp({ scriptSrc: ["'sha256-S2='"] }), 'script-src', "script-src 'sha256-S2=' 'sha256-S1='"],
  [
    'join a policy that is only reported',
    csp({}, { reportOnly: true }),
    'script-src',
    "script-src 'self' 'sha256-S1=' 'sha256-S2='",
  ],
  [
    "join the nonce of 'strict'",
    { preset: 'strict' },
    'script-src',
    "script-src 'nonce-N' 'strict-dynamic' https: 'unsafe-inline' 'sha256-S1=' 'sha256-S2='",
  ],
  [
    "join 'strict' without a nonce",
    { preset: 'strict', nonce: false },
    'script-src',
    "script-src 'self' 'sha256-S1=' 'sha256-S2='",
  ],
  [
    'join a policy with functions',
    csp({ imgSrc: [() => 'https://a.example'] }),
    'script-src',
    "script-src 'self' 'sha256-S1=' 'sha256-S2='",
  ],
])('the hashes of a page %s', async (_name, options, directive, wanted) => {
  expect((await policyOf(options)).get(directive)).toBe(wanted)
})

it('a page that has none, and an answer of which nothing is known, get the policy as it is', async () => {
  const plain = await policyOf({}, () => respond('hello'))
  expect(await policyOf({}, page({ scriptHashes: [], styleHashes: [] }))).toEqual(plain)
  expect(plain.get('script-src')).toBe("script-src 'self'")
})

it('each page has those of its own, also with one and the same wrapper', async () => {
  const wrapper = securityHeaders(csp({ styleSrc: ["'self'"] }))
  const scriptHashes = ['sha256-S1=']
  const ask = async (styleHashes: readonly string[]): Promise<string | null> => {
    const response = await wrapper(page({ scriptHashes, styleHashes }))(get(), testContext())
    return response.headers.get('content-security-policy')
  }
  expect(await ask(['sha256-A='])).toMatch(/style-src 'self' 'sha256-A='(?:;|$)/)
  expect(await ask(['sha256-B='])).toMatch(/style-src 'self' 'sha256-B='(?:;|$)/)
  expect(await ask([])).toMatch(/style-src 'self'(?:;|$)/)
})

it('a 304 says them again: its fields take the place of those that were kept', async () => {
  expect((await policyOf({}, page(hashes, 304))).get('script-src')).toContain("'sha256-S1='")
})

it('the policy that the app set stays as it is', async () => {
  const own: App = (request, context) => {
    const response = page(hashes)(request, context) as Response
    response.headers.set('content-security-policy', "default-src 'none'")
    return response
  }
  expect([...(await policyOf({}, own)).values()]).toEqual(["default-src 'none'"])
})

const script = `document.body.dataset.ran = 'yes'`
const style = 'body { font-style: italic }'
const staticPage = `<!doctype html><title>static</title><style>${style}</style><body><script>${script}</script></body>`

describe('over staticFiles({ inlineHashes: true })', () => {
  const start = async (options: SecurityHeadersOptions): Promise<string> => {
    const dir = mkdtempSync(join(tmpdir(), 'outerware-hashes-'))
    writeFileSync(join(dir, 'index.html'), staticPage)
    const wrap = compose(securityHeaders(options), staticFiles({ dir, inlineHashes: true }))
    // What somebody wrote, with the very script of the page and one more.
    const app: App = () => respond(`${staticPage}<script>1</script>`, { headers: { 'content-type': 'text/html' } })
    const server = await listen(toNode(wrap(app)))
    servers.push(server)
    return server.url
  }
  const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

  it('the policy of the page names what stands in it, and that of another does not', async () => {
    const url = await start({ preset: 'strict' })
    const [own, other] = await Promise.all([fetch(url), fetch(`${url}/elsewhere`)])
    expect(own.headers.get('content-security-policy')).toContain(sha256(script))
    expect(own.headers.get('content-security-policy')).toContain(sha256(style))
    expect(other.headers.get('content-security-policy')).not.toContain('sha256-')
  })

  inBrowser('in a browser', (open) => {
    it.each<[string, SecurityHeadersOptions]>([
      ['helmet', { contentSecurityPolicy: { directives: { styleSrc: ["'self'"] } } }],
      ['strict', { preset: 'strict' }],
      ['strict without a nonce', { preset: 'strict', nonce: false }],
    ])(
      'a static page runs its own inline script under %s, again from the cache, and an app’s page does not',
      async (_name, options) => {
        const url = await start(options)
        const { page: tab, complaints } = await open()
        const state = (): Promise<unknown> =>
          tab.evaluate('[document.body.dataset.ran, getComputedStyle(document.body).fontStyle]')
        await tab.goto(url)
        expect(await state()).toEqual(['yes', 'italic'])
        await tab.reload()
        expect(await state()).toEqual(['yes', 'italic'])
        expect(complaints).toEqual([])
        await tab.goto(`${url}/elsewhere`)
        expect(await state()).toEqual([undefined, 'normal'])
        expect(complaints).not.toEqual([])
      },
    )
  })
})
