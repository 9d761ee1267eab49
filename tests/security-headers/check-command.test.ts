import { beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { allowedHosts } from '@outerware/allowed-hosts'
import { compose, errors, respond } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { httpsRedirect } from '@outerware/https-redirect'
import { securityHeaders, type SecurityHeadersOptions } from '@outerware/security-headers'
import express from 'express'
import helmet from 'helmet'
import { certificate } from '../support/certificate.ts'
import { listen } from '../support/index.ts'
import { byHttp, byHttps, check, isBuilt, main, runCheck, runCheckOn } from './running-site.ts'

function shop(): express.Express {
  const app = express().set('env', 'test')
  app.get('/', (_req, res) => void res.type('html').send('<!doctype html><script src="/app.js"></script>'))
  app.get('/by/:name', (_req, res) => void res.send('one'))
  return app
}

/** A site by https, and its way there by http, behind all wrappers. */
async function wrapped(options: SecurityHeadersOptions, app = shop()): Promise<[https: string, http: string]> {
  const hosts = allowedHosts(['127.0.0.1'])
  const https = await byHttps(toNode(compose(errors(), hosts, securityHeaders(options))(fromNode(app))))
  const redirect = httpsRedirect({ port: Number(new URL(https).port) })
  return [https, await byHttp(toNode(compose(errors(), hosts, redirect)(fromNode(app))))]
}

const codes = (findings: readonly { readonly code: string }[]): string[] => findings.map(({ code }) => code)

describe('asks a running site', () => {
  it("'strict' behind all wrappers has the top grade, and neither the evaluator nor anything else has a finding", async () => {
    const [https, http] = await wrapped({ preset: 'strict' })
    const checked = await check(https, http, '--path', '/by/%zz')
    expect(checked).toMatchObject({ url: `${https}/`, status: 200, grade: 'A+', score: 150, findings: [] })
    expect(checked.asked).toEqual([
      { target: '/robots.txt', status: 404 },
      { target: expect.stringMatching(/^\/[0-9a-f]{12}$/), status: 404 },
      { target: '/%zz', status: 404 },
      { target: '/by/%zz', status: 400 },
    ])
  })

  it('a good cookie and integrity earn ten points more', async () => {
    const app = express()
    app.get('/', (_req, res) => {
      res.cookie('session', '1', { httpOnly: true, secure: true, sameSite: 'lax' })
      res.send('<!doctype html><script src="/app.js" integrity="sha384-a"></script>')
    })
    expect(await check(...(await wrapped({ preset: 'strict' }, app)))).toMatchObject({ score: 160, findings: [] })
  })

  it("helmet's default on Express", async () => {
    const https = await byHttps(express().use(helmet(), shop().disable('x-powered-by')))
    const { grade, score, findings } = await check(https, await byHttp(shop()))
    expect([grade, score]).toEqual(['B+', 80])
    expect(codes(findings)).toEqual([
      'redirection-missing',
      'csp-implemented-with-unsafe-inline-in-style-src-only',
      'csp-evaluator-script-allowlist-bypass',
      'csp-evaluator-require-trusted-types-for-scripts',
      'host-not-checked',
    ])
  })

  it('a bare site', async () => {
    const { grade, score, findings } = await check(await byHttps(shop()), await byHttp(shop()))
    expect([grade, score]).toEqual(['F', 10])
    expect(codes(findings)).toEqual([
      'csp-not-implemented',
      'redirection-missing',
      'hsts-not-implemented',
      'x-frame-options-not-implemented',
      'x-content-type-options-not-implemented',
      'x-powered-by',
      'host-not-checked',
    ])
  })

  it('headers of the page that the answers of the framework lack', async () => {
    const app = shop()
    app.use('/by', helmet())
    const https = await byHttps((req, res) =>
      req.url === '/' ? helmet()(req, res, () => app(req, res)) : app(req, res),
    )
    const { findings } = await check(https, '--path', '/by/%zz')
    const missing = findings.filter(({ code }) => code === 'headers-missing-elsewhere')
    expect(missing.map(({ wrong }) => wrong)).toEqual([
      expect.stringMatching(/^\/robots\.txt \(404\) has no .*strict-transport-security, .*, which \/ has$/),
      expect.stringMatching(/^\/[0-9a-f]+ \(404\) has no /),
      expect.stringMatching(/^\/%zz \(404\) has no /),
      expect.stringMatching(/^\/by\/%zz \(400\) has no /),
    ])
  })

  it('whom it believes', async () => {
    const https = await byHttps(((req, res) => {
      res.writeHead(302, { location: `https://${req.headers['x-forwarded-host'] ?? req.headers.host}/in` }).end()
    }) satisfies RequestListener)
    const found = (await check(https)).findings.filter(({ code }) => /host/.test(code))
    expect(found).toEqual([
      {
        code: 'host-not-checked',
        points: 0,
        wrong: '/in is answered 302 for the host outerware-check.invalid, and the answer names it',
        instead: "allowedHosts(['127.0.0.1'])",
      },
      expect.objectContaining({ code: 'forwarded-host-believed' }),
    ])
  })

  it('the pages that a redirect leads through, with their cookies', async () => {
    const app = shop()
    app.get('/start', (req, res) => {
      if (/seen=1/.test(req.headers.cookie ?? '')) res.redirect('/')
      else res.cookie('seen', '1', { secure: true }).redirect('/start')
    })
    const { url, results } = await check(`${await byHttps(app)}/start`)
    expect(new URL(url).pathname).toBe('/')
    expect(results).toContainEqual({ code: 'cookies-secure-with-httponly-sessions', points: 0 })
  })

  it('gives up on redirects that never end', async () => {
    const https = await byHttps((req, res) => void res.writeHead(301, { location: `${req.url}a` }).end())
    expect((await check(https)).status).toBe(301)
  })

  it('reads no more of a page than a megabyte', async () => {
    const endless: RequestListener = (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html' })
      const more = (): void => {
        while (!res.destroyed && res.write('<p>more</p>'.repeat(1000)));
        if (!res.destroyed) res.once('drain', more)
      }
      more()
    }
    expect((await check(await byHttps(endless))).status).toBe(200)
  })
})

describe('certificates', () => {
  let urls: [https: string, http: string]
  let file = ''
  beforeAll(async () => {
    urls = await wrapped({ preset: 'strict' })
    file = join(mkdtempSync(join(tmpdir(), 'outerware-check-')), 'ca.pem')
    writeFileSync(file, certificate.cert)
  })

  it('one that signs for itself is not believed', async () => {
    const { out } = await runCheck(...urls, '--json')
    const { score, findings } = JSON.parse(out)
    expect(score).toBe(60)
    expect(codes(findings)).toEqual(['redirection-invalid-cert', 'hsts-invalid-cert'])
  })

  it('it is with --ca', async () => {
    expect((await runCheck(...urls, '--ca', file)).code).toBe(0)
  })

  // Other systems have but one address of loopback.
  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('and it is not with --ca where it is for another host', async () => {
    const server = createSecureServer(certificate, (_req, res) => res.end()).listen(0, '127.0.0.2')
    await once(server, 'listening')
    const { out } = await runCheck(`https://127.0.0.2:${Object(server.address()).port}`, '--ca', file, '--json')
    server.close()
    expect(codes(JSON.parse(out).findings)).toContain('hsts-invalid-cert')
  })

  it('it is with --insecure', async () => {
    expect((await runCheck(...urls, '--insecure')).code).toBe(0)
  })
})

describe('what it says', () => {
  let bare = ''
  beforeAll(async () => {
    bare = await byHttps(shop())
  })

  it('each finding with its code, what is wrong and what to write', async () => {
    const { code, out, err } = await runCheck(bare, '--insecure')
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatch(new RegExp(`^${bare}/ {2}D {2}30 points by the Observatory's rules\n`))
    expect(out).toContain('\nLooked at besides: /robots.txt (404), /')
    expect(out).toContain('\nNot asked by http: give its URL as well, and the redirect is judged too\n')
    expect(out).toContain(`
-25  csp-not-implemented
     there is no policy: a script that gets into a page runs
     write securityHeaders({ preset: 'strict' }), or securityHeaders() for a beginning
`)
    expect(out).toMatch(/\n {2}· {2}x-powered-by\n {5}X-Powered-By says Express, what the site is made with\n/)
    expect(out).toMatch(/\n6 to mend, 4 of them at the cost of points\.\n$/)
  })

  it('colours on a terminal, and nowhere else', async () => {
    const { NO_COLOR } = process.env
    delete process.env['NO_COLOR']
    expect((await runCheckOn({ isTTY: true }, bare, '--insecure')).out).toContain('\u001b[31m-25')
    expect((await runCheckOn({ isTTY: true }, bare, '--insecure', '--json')).out).not.toContain('\u001b')
    expect((await runCheck(bare, '--insecure')).out).not.toContain('\u001b')
    process.env['NO_COLOR'] = '1'
    expect((await runCheckOn({ isTTY: true }, bare, '--insecure')).out).not.toContain('\u001b')
    if (NO_COLOR === undefined) delete process.env['NO_COLOR']
  })

  it('that the page is none', async () => {
    const { out } = await runCheck(`${bare}/nowhere`, '--insecure')
    expect(out.split('\n')[0]).toMatch(/\/nowhere \(404\) {2}[A-F]/)
  })

  it('that there is nothing to mend', async () => {
    const { code, out } = await runCheck(...(await wrapped({ preset: 'strict' })), '--insecure')
    expect(code).toBe(0)
    expect(out).toMatch(/ {2}A\+ {2}150 points by the Observatory's rules\n/)
    expect(out).toMatch(/\nNothing to mend\.\n$/)
  })

  it('--min-grade asks for a grade, and --ignore for silence', async () => {
    expect((await runCheck(bare, '--insecure', '--min-grade', 'D')).code).toBe(0)
    expect((await runCheck(bare, '--insecure', '--min-grade', 'd+')).code).toBe(1)
    const ignored = ['csp-not-implemented', 'x-powered-by'].flatMap((code) => ['--ignore', code])
    const { findings, score } = await check(bare, ...ignored)
    expect(score).toBe(55)
    expect(codes(findings)).not.toContain('x-powered-by')
  })

  it('how it is used', async () => {
    expect(await runCheck('--help')).toEqual({
      code: 0,
      out: expect.stringMatching(/^Usage: outerware-check URL/),
      err: '',
    })
    expect(await runCheck()).toEqual({ code: 2, out: '', err: expect.stringMatching(/^Usage: outerware-check URL/) })
  })

  it.each([
    [['ftp://site.test'], 'ftp://site.test is no URL of a site, such as https://site.example'],
    [['https://'], 'https:// is no URL of a site, such as https://site.example'],
    [['https://a.test', 'https://b.test'], 'of two URLs one is the site by http, and one by https'],
    [['a.test', 'http://a.test', 'b.test'], 'b.test is one URL too many'],
    [['a.test', '--path', 'login'], '--path must be a path such as /login, got login'],
    [['a.test', '--timeout', 'soon'], '--timeout must be a number of seconds, got soon'],
    [['a.test', '--min-grade', 'E'], '--min-grade must be one of A+, A, A-, B+, B, B-, C+, C, C-, D+, D, D-, F, got E'],
    [['a.test', '--ca', '/nowhere'], "ENOENT: no such file or directory, open '/nowhere'"],
    [['a.test', '--verbose'], /^Unknown option '--verbose'/],
  ])('%j are wrong arguments', async (args, message) => {
    const { code, out, err } = await runCheck(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err.replace(/^outerware-check: /, '').trimEnd()).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    )
  })

  it('that nobody answers', async () => {
    const closed = await listen(() => {})
    await closed.close()
    const { code, err } = await runCheck(closed.url)
    expect([code, err]).toEqual([3, `outerware-check: connect ECONNREFUSED 127.0.0.1:${closed.port}\n`])
  })

  it('that nobody answers in time', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = Object(silent.address())
    const { code, err } = await runCheck(`http://127.0.0.1:${port}`, '--timeout', '0.2')
    silent.close()
    expect([code, err]).toEqual([3, `outerware-check: http://127.0.0.1:${port}/ did not answer within 0.2 s\n`])
  })
})

it('runs as a program, and exits with its code', async () => {
  const source = [
    '--disable-warning=ExperimentalWarning',
    '--conditions=@outerware/source',
    `--import=${resolve(import.meta.dirname, '../../tools/typescript.js')}`,
    resolve(main, '../cli.ts'),
  ]
  const program = isBuilt ? [resolve(main, '../cli.js')] : source
  const url = await byHttp(toNode(securityHeaders()(() => respond('hello'))))
  const child = spawn(process.execPath, [...program, url, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ url: `${url}/`, grade: 'C+' })
})

it('who only wraps a site loads neither the evaluator nor a client of HTTP', () => {
  const seen = new Set<string>()
  const read = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?!type )[^;]*? from '([^']+)'/gm,
    )) {
      if (from.startsWith('.')) read(resolve(file, '..', from))
      else seen.add(from)
    }
  }
  read(main)
  expect([...seen].filter((name) => !name.includes('/src/') && !name.includes('/dist/')).sort()).toEqual([
    '@outerware/core',
    '@outerware/core/headers',
    'helmet',
  ])
})
