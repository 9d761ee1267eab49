import { expect } from '@jest/globals'
import { fromNode, toNode } from '@outerware/core/node'
import express, { type Request, type Response } from 'express'
import { exchange, listen } from '../support/index.ts'
import { passing, type Law, type LawsOptions } from './subject.ts'

/** What the Express app does, by the request's `x-law`. */
const answers: Readonly<Record<string, (req: Request, res: Response) => unknown>> = {
  text: (_, res) => res.send('hello'),
  cookies: (_, res) => res.cookie('a', '1').cookie('b', '2').set('Vary', 'x-law').status(201).json({ made: true }),
  pieces(_, res) {
    res.writeHead(200, 'Fine', { 'X-Case': 'As It Is', 'content-type': 'text/plain' })
    for (const piece of ['he', 'll', 'o']) res.write(piece)
    res.end()
  },
  body: (req, res) => req.pipe(res.type('text')),
  redirect: (_, res) => res.redirect(303, '/there'),
  late: (_, res) => setImmediate(() => res.status(404).send('no')),
  failing() {
    throw Object.assign(new Error('law'), { status: 418, stack: 'law' })
  },
}

const app = express().disable('x-powered-by')
app.use((req, res, next) => {
  const answer = answers[req.get('x-law') ?? '']
  if (answer === undefined) next()
  else answer(req, res)
})

const cases: [string, RequestInit][] = [
  ['text', {}],
  ['text', { method: 'HEAD' }],
  ['text', { headers: { 'if-none-match': 'W/"5-qvTGHdzF6KLavt4PO0gs2a6pQ00"' } }],
  ['cookies', { method: 'PUT' }],
  ['pieces', {}],
  ['body', { method: 'POST', body: 'hello' }],
  ['redirect', {}],
  ['late', {}],
  ['failing', {}],
  ['none', {}],
]

export const lawsOverNode: Law[] = [
  {
    says: 'around a Node app every answer comes out as it does bare, byte for byte (2)',
    // A bare socket speaks no TLS, and its context has what the host knows, and no more.
    concerns: ({ passes, context }) => context === undefined && passes?.('/', {}).url.startsWith('https:') !== true,
    async check(subject) {
      const bare = await listen(app)
      const wrapped = await listen(toNode(subject.make()(fromNode(app))))
      try {
        for (const [name, init] of cases) {
          const headers = { ...Object(init.headers), 'x-law': name }
          const bytes = await toBytes(passing(subject)('/law', { ...init, headers }))
          const [one, other] = await Promise.all([bare, wrapped].map(({ port }) => exchange(port, bytes)))
          expect([name, answerOf(other!.text, subject.options)]).toEqual([name, answerOf(one!.text, subject.options)])
        }
      } finally {
        await Promise.all([bare.close(), wrapped.close()])
      }
    },
  },
]

async function toBytes(request: globalThis.Request): Promise<string> {
  const { pathname, search, host } = new URL(request.url)
  const body = await request.text()
  const fields = [...request.headers].map(([name, value]) => `${name}: ${value}\r\n`)
  if (body !== '') fields.push(`Content-Length: ${body.length}\r\n`)
  const line = `${request.method} ${pathname}${search} HTTP/1.1\r\n`
  return `${line}Host: ${host}\r\n${fields.join('')}Connection: close\r\n\r\n${body}`
}

/** The answer, but for its date and for what the wrapper says it changes. */
function answerOf(text: string, { adds = [], varies = [] }: LawsOptions): unknown {
  const [head = '', ...body] = text.split('\r\n\r\n')
  const [line, ...fields] = head.split('\r\n')
  const kept = fields
    .map((field) => withoutAdded(field, varies))
    .filter((field) => {
      const name = field.slice(0, field.indexOf(':')).toLowerCase()
      return name !== '' && name !== 'date' && !adds.includes(name)
    })
  return [line, ...kept, body.join('\r\n\r\n')]
}

function withoutAdded(field: string, varies: readonly string[]): string {
  if (!/^vary:/i.test(field)) return field
  const members = field.slice('vary:'.length).split(',')
  const kept = members.map((member) => member.trim()).filter((member) => !varies.includes(member))
  return kept.length === 0 ? '' : `Vary: ${kept.join(', ')}`
}
