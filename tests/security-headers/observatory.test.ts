import { beforeAll, expect, it } from '@jest/globals'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { cookies, fields, pages, policies, sharing } from './observatory-cases.ts'
import { byHttp, byHttps, check } from './running-site.ts'

/** What the site by https answers at the moment. */
let answer: (req: IncomingMessage, res: ServerResponse) => unknown
let https = ''
beforeAll(async () => {
  https = await byHttps((req, res) => answer(req, res))
})

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

const full: Fields = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
}

/** Answers so on every path. */
function answering(given: Fields, html = '<!doctype html>', type = 'text/html'): typeof answer {
  return (_req, res) => {
    for (const [name, value] of Object.entries(given)) if (value !== undefined) res.setHeader(name, value)
    res.setHeader('content-type', type)
    res.end(html)
  }
}

async function expectResult(code: string, score: number): Promise<void> {
  const checked = await check(https)
  expect(checked.results.map((result) => result.code)).toContain(code)
  expect(checked.score).toBe(score)
}

it.each(policies)('the policy %j is %s', async (policy, code, score) => {
  answer = answering({ 'content-security-policy': policy })
  await expectResult(code, score)
})

it('a policy that is only reported is none', async () => {
  answer = answering({ 'content-security-policy-report-only': "default-src 'none'" })
  await expectResult('csp-not-implemented-but-reporting-enabled', 30)
})

it.each(fields)('%s: %j is %s', async (name, value, code, score) => {
  const policy = name === 'x-frame-options' ? { 'content-security-policy': "default-src 'none'" } : {}
  answer = answering({ ...full, ...policy, [name]: value })
  await expectResult(code, score)
})

it.each(cookies)('the cookies %j, with http left open: %s, are %s', async (lines, isOpen, code, score) => {
  answer = answering({ ...full, ...(isOpen && { 'strict-transport-security': undefined }), 'set-cookie': lines })
  await expectResult(code, score)
})

it.each(sharing)('a preflight that is answered %j is %s', async (given, code, score) => {
  const plain = answering(full)
  answer = (req, res) => {
    if (req.method !== 'OPTIONS') return plain(req, res)
    for (const [name, value] of Object.entries(given)) res.setHeader(name, value.replace('ORIGIN', req.headers.origin!))
    return res.end()
  }
  await expectResult(code, score)
})

it.each(pages)('the page %s (%s, all fields: %s) is %s', async (html, type, isFull, code, score) => {
  answer = answering(isFull ? full : {}, html, type)
  await expectResult(code, score)
})

// SECURE is the site by https, OTHER the same by another name, HTTP the site by http.
it.each([
  [[], 'redirection-missing', -20, 80],
  [['HTTP/a'], 'redirection-not-to-https', -20, 80],
  [['SECURE/'], 'redirection-to-https', 0, 150],
  [['HTTP/a', 'SECURE/'], 'redirection-not-to-https-on-initial-redirection', -10, 140],
  [['OTHER/'], 'redirection-off-host-from-http', -5, 145],
  [['SECURE/b'], 'redirection-to-https', 0, 150],
])('a way from http over %j is %s', async (steps, code, points, score) => {
  answer = answering(full)
  const http = await byHttp((req, res) => {
    const next = steps[req.url === '/' ? 0 : 1]
    if (next === undefined) return void answering({})(req, res)
    const secure = next.replace('SECURE', https).replace('OTHER', https.replace('127.0.0.1', 'localhost'))
    return res.writeHead(301, { location: secure.replace('HTTP', `http://${req.headers.host}`) }).end()
  })
  const checked = await check(https, http)
  expect(checked.results).toContainEqual({ code, points })
  expect(checked.score).toBe(score)
})

it('a site that has no https', async () => {
  const http = await byHttp(answering({ ...full, 'strict-transport-security': undefined }))
  const { results, score, grade } = await check(http)
  expect(results).toContainEqual({ code: 'hsts-not-implemented-no-https', points: -20 })
  expect(results).toContainEqual({ code: 'redirection-missing', points: -20 })
  expect([score, grade]).toEqual([60, 'C+'])
})
