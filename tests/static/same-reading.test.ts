/** One reading of a path (design, law 10): a gate and a file server in one site never disagree, whoever stands inside. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { oidc } from '@outerware/oauth2'
import { staticFiles } from '@outerware/static'
import { exchange, listen, type Listening } from '../support/index.ts'
import { frameworks } from './frameworks.support.ts'
import { folder } from './support.ts'

const dir = folder({ 'open/file.txt': 'OPEN', 'closed/file.txt': 'CLOSED', 'ü/file.txt': 'OPEN' })
const files = staticFiles({ dir, report: () => {} })

/** Lets pass what is public; says 401 to all else, and asks no provider for that. */
const gate = (publicPaths: readonly `/${string}`[]): Wrapper =>
  oidc({
    issuer: 'https://provider.test',
    clientId: 'site',
    baseURL: 'https://site.test',
    secret: 'thirty-two characters of a secret',
    unauthenticated: '401',
    publicPaths,
  })

/** What both make of a target: the file, or nothing at all. */
const targets: readonly (readonly [what: string, target: string, means: 'the file' | 'nothing'])[] = [
  ['the path itself', '/open/file.txt', 'the file'],
  ['a query', '/open/file.txt?a=/../b', 'the file'],
  ['an escaped letter', '/open/%66ile.txt', 'the file'],
  ['an escaped letter, a digit in capitals', '/ope%6E/file.txt', 'the file'],
  ['an escaped dot within a name', '/open/file%2Etxt', 'the file'],
  ['an escaped letter beyond ASCII', '/%C3%BC/file.txt', 'the file'],
  ['the same in NFD', '/u%CC%88/file.txt', 'the file'],
  ['the absolute form', 'http://site.test/open/file.txt', 'the file'],
  ['the absolute form of another host', 'http://other.test/open/file.txt', 'the file'],
  ['the absolute form with an escape', 'http://site.test/open/%66ile.txt?a', 'the file'],

  ['an escaped slash, %2F', '/open%2Ffile.txt', 'nothing'],
  ['the same in small letters', '/open%2ffile.txt', 'nothing'],
  ['an escaped slash in the absolute form', 'http://site.test/open%2Ffile.txt', 'nothing'],
  ['two slashes', '//open/file.txt', 'nothing'],
  ['two slashes within', '/open//file.txt', 'nothing'],
  ['a slash at the end', '/open/file.txt/', 'nothing'],
  ['an escaped backslash, %5C', '/open%5Cfile.txt', 'nothing'],
  ['a raw backslash', '/open\\file.txt', 'nothing'],
  ['a backslash in front', '\\open\\file.txt', 'nothing'],
  ['a NUL, %00', '/open/file.txt%00', 'nothing'],
  ['a NUL and an extension', '/open/file.txt%00.html', 'nothing'],
  ['a NUL within', '/open%00/file.txt', 'nothing'],
  ['an overlong slash, %C0%AF', '/open%C0%AFfile.txt', 'nothing'],
  ['an overlong slash of three bytes', '/open%E0%80%AFfile.txt', 'nothing'],
  ['an overlong dot, %C0%AE', '/open/file%C0%AEtxt', 'nothing'],
  ['overlong dots', '/closed/%C0%AE%C0%AE/open/file.txt', 'nothing'],
  ['half a letter', '/%C3/file.txt', 'nothing'],
  ['a lone surrogate', '/open/%ED%A0%80file.txt', 'nothing'],
  ['an escape of IIS', '/open%u002ffile.txt', 'nothing'],
  ['an escape that is none', '/open/file.txt%', 'nothing'],
  ['an escape that is none either', '/open/file.txt%zz', 'nothing'],
  ['escaped twice', '/open%252Ffile.txt', 'nothing'],
  ['dot segments', '/closed/../open/file.txt', 'nothing'],
  ['a dot segment', '/./open/file.txt', 'nothing'],
  ['dot segments, escaped', '/closed/%2e%2e/open/file.txt', 'nothing'],
  ['dot segments, half escaped', '/closed/.%2E/open/file.txt', 'nothing'],
  ['dot segments behind an escaped slash', '/closed/..%2Fopen/file.txt', 'nothing'],
  ['dot segments with a parameter', '/closed/..;/open/file.txt', 'nothing'],
  ['dot segments above the root', '/../open/file.txt', 'nothing'],
  ['dot segments in the absolute form', 'http://site.test/closed/../open/file.txt', 'nothing'],
  ['a parameter', '/open/file.txt;a=b', 'nothing'],
  ['capitals', '/OPEN/file.txt', 'nothing'],
  ['an escaped space at the end', '/open/file.txt%20', 'nothing'],
  ['an escaped dot at the end', '/open/file.txt%2E', 'nothing'],
  ['an escaped question mark', '/open/file.txt%3Fa', 'nothing'],
  ['a fragment', '/open/file.txt#a', 'nothing'],
  ['wide letters', '/open/%EF%BD%86ile.txt', 'nothing'],
  ['no slash in front', 'open/file.txt', 'nothing'],
]

const open: Listening[] = []
const start = async (site: App): Promise<number> => {
  const listening = await listen(toNode(site))
  open.push(listening)
  return listening.port
}
afterAll(() => Promise.all(open.map((listening) => listening.close())))

async function ask(port: number, target: string): Promise<string> {
  const { text } = await exchange(port, `GET ${target} HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n`)
  return text
}

describe('what files read is what the gate reads', () => {
  let filesPort = 0
  let gatePort = 0
  beforeAll(async () => {
    filesPort = await start(files(() => respond('passed', { status: 404 })))
    gatePort = await start(gate(['/open/file.txt', '/ü/file.txt'])(() => respond('passed')))
  })

  it.each(targets)('%s: %s', async (_what, target, means) => {
    const served = await ask(filesPort, target)
    const passed = await ask(gatePort, target)
    const isFile = means === 'the file'
    // What Node itself refuses reaches neither.
    expect([served.endsWith('\r\n\r\nOPEN'), passed.endsWith('\r\n\r\npassed')]).toEqual([isFile, isFile])
    if (!isFile)
      expect([served, passed]).toEqual([
        expect.stringMatching(/^HTTP\/1\.1 40[04] /),
        expect.stringMatching(/^HTTP\/1\.1 40[01] /),
      ])
  })
})

describe.each(frameworks)('a gate in front of files and an app of %s', (_name, make) => {
  let port = 0
  beforeAll(async () => {
    port = await start(compose(gate(['/open/*', '/ü/*']), files)(await make()))
  })

  it('shows what is public', async () => {
    expect(await ask(port, '/open/file.txt')).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nOPEN$/)
    expect(await ask(port, '/closed/file.txt')).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('shows nothing that is not, however it is spelt', async () => {
    const swap = (target: string): string =>
      target.replaceAll(/open|closed/g, (name) => (name === 'open' ? 'closed' : 'open'))
    const asked = targets.map(async ([, target]) => [swap(target), await ask(port, swap(target))])
    for (const [target, text] of await Promise.all(asked)) {
      expect([target, text]).toEqual([target, expect.not.stringContaining('CLOSED')])
    }
  })
})
