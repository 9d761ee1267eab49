import { describe, expect, it, jest } from '@jest/globals'
import type { RequestListener } from 'node:http'
import { compression } from '@outerware/compression'
import { compose, errors, fromHooks, toFetch, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { path, render, site, type Answer, type Renderer, type SiteHooks, type SiteOptions } from '@outerware/core/inner'
import { securityHeaders } from '@outerware/security-headers'
import { listen } from '../support/index.ts'
import { ask, messageOf, reports, says } from './support.ts'

const renderer: Renderer = (template, data) => `${String(template)} ${JSON.stringify(data)}`

/** A site of one view, and what is reported of it. */
function page(view: () => Answer | Promise<Answer>, own: SiteOptions = {}) {
  const { told, report } = reports()
  return { told, app: site({ routes: [path('/', view)], renderer, report, ...own }) }
}

describe('render(template, data)', () => {
  it('answers with what the renderer makes of it, as HTML, 200', async () => {
    const { status, text, headers } = await ask(page(() => render('home', { a: 1 })).app)
    expect([status, text, headers.get('content-type')]).toEqual([200, 'home {"a":1}', 'text/html; charset=utf-8'])
  })

  it('takes a status and fields of its own, each of a kind that may come twice', async () => {
    const fields: [string, string][] = [
      ['Content-Type', 'text/plain'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]
    for (const headers of [fields, new Headers(fields)]) {
      const answer = await ask(page(() => render('home', {}, { status: 201, headers })).app)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'text/plain'])
      expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    }
  })

  it('may be promised, and so may the page', async () => {
    const { app } = page(async () => render('home'), { renderer: async (template) => String(template) })
    expect((await ask(app)).text).toBe('home')
  })

  it('gives the renderer template, data, request and context', async () => {
    const seen: unknown[] = []
    const view = (): Answer => render(view, { a: 1 })
    const { app } = page(view, {
      renderer(template, data, request, context) {
        seen.push(template, data, request.url, Reflect.get(context, 'route'))
        return ''
      },
    })
    await ask(app)
    expect(seen).toEqual([view, { a: 1 }, 'http://site.test/', { pattern: '/', name: undefined }])
  })

  it.each<[string, SiteHooks['render']]>([
    ['at once', (lazy) => void Object.assign(lazy, { template: 'other', status: 202, data: { ...lazy.data, b: 2 } })],
    [
      'later',
      async (lazy) => {
        await Promise.resolve()
        Object.assign(lazy, { template: 'other', status: 202, data: { ...lazy.data, b: 2 } })
      },
    ],
  ])('is changed by render hooks until it is rendered: %s', async (_when, change) => {
    const rendered = jest.fn(renderer)
    const { app } = page(() => render('home', { a: 1 }), {
      renderer: rendered,
      hooks: [{ render: change! }, { render: (lazy) => lazy.headers.set('x-template', String(lazy.template)) }],
    })
    const { status, text, headers } = await ask(app)
    expect([status, text, headers.get('x-template')]).toEqual([202, 'other {"a":1,"b":2}', 'other'])
    expect(rendered).toHaveBeenCalledTimes(1)
  })

  it('is over once it is rendered: what a response hook changes in it comes too late', async () => {
    let kept: ReturnType<typeof render> | undefined
    const { app } = page(() => (kept = render('home')), {
      hooks: [
        {
          response(response) {
            kept!.template = 'late'
            kept!.headers.set('x-late', '1')
            return response
          },
        },
      ],
    })
    const { text, headers } = await ask(app)
    expect([text, headers.has('x-late')]).toEqual(['home {}', false])
  })

  it('copies the data: what a hook adds for one request stays out of an object that all share', async () => {
    const shared = { title: 'Home' }
    const { app } = page(() => render('home', shared), {
      hooks: [{ render: (lazy) => void (lazy.data['user'] = 'ada') }],
    })
    expect((await ask(app)).text).toBe('home {"title":"Home","user":"ada"}')
    expect(shared).toEqual({ title: 'Home' })
  })

  it('is rendered for pages of errors, too, whose route may be unknown', async () => {
    const routes: unknown[] = []
    const { app } = page(says('a') as never, {
      errors: { 404: () => render('nothing here', {}, { status: 404 }) },
      hooks: [{ render: (_lazy, _request, context) => void routes.push(context.route) }],
    })
    expect(await ask(app, '/nothing')).toMatchObject({ status: 404, text: 'nothing here {}' })
    expect(routes).toEqual([undefined])
  })
})

describe('what cannot be rendered is a 500, and is reported by the name of its view', () => {
  const shared = render('shared')
  it.each<[string, () => Answer, SiteOptions, string]>([
    [
      'no renderer',
      function home() {
        return render('home')
      },
      { renderer: undefined as never },
      'The view home (/) gave render(…), but the site has no renderer: write site({ renderer, … })',
    ],
    [
      'a renderer that gives nothing',
      function home() {
        return render('home')
      },
      { renderer: (() => {}) as never },
      "The renderer gave undefined for render('home'), not a string. The view home (/) asked for it",
    ],
    [
      'a renderer that promises nothing',
      function home() {
        return render('home')
      },
      { renderer: (async () => null) as never },
      "The renderer gave null for render('home'), not a string. The view home (/) asked for it",
    ],
    [
      'a status without a body',
      function home() {
        return render('home', {}, { status: 204 })
      },
      {},
      'A response of status 204 has no body',
    ],
  ])('%s', async (_what, view, own, message) => {
    const { app, told } = page(view, own)
    expect((await ask(app)).status).toBe(500)
    expect(told.map(messageOf)).toEqual([message])
  })

  it('a page that is given twice, to whomever', async () => {
    const { app, told } = page(function home() {
      return shared
    })
    expect((await ask(app)).status).toBe(200)
    expect((await ask(app)).status).toBe(500)
    expect(told.map(messageOf)).toEqual([
      'The view home (/) gave a page that was rendered already: call render() anew for each request',
    ])
  })

  it('a page that a response or request hook gives', async () => {
    for (const half of ['request', 'response', 'exception']) {
      const view = (): Response => {
        if (half === 'exception') throw new Error('no')
        return new Response('a')
      }
      const { app, told } = page(view, { hooks: [{ [half]: () => render('late') }] })
      expect((await ask(app)).status).toBe(500)
      expect(told.map(messageOf)).toContain(
        `hooks[0].${half} gave render(…), which only views, view hooks and errors may give: it must return a Response`,
      )
    }
  })

  describe('a page that never meets a site', () => {
    const home: App = () => render('home') as never
    const article: App = async () => {
      await Promise.resolve()
      return render('article') as never
    }
    const dressed = compose(securityHeaders(), compression())

    it.each<[string, string, (view: App, report: (error: unknown) => void) => RequestListener]>([
      ['served as an app', 'GET', (view, onError) => toNode(view, { onError })],
      ['asked for its head', 'HEAD', (view, onError) => toNode(view, { onError })],
      ['inside wrappers', 'GET', (view, onError) => toNode(dressed(view), { onError })],
      ['inside errors() alone', 'GET', (view, report) => toNode(errors({ report })(view), { onError: report })],
    ])('its view %s: a 500 that names the view and where it stands', async (_how, method, serve) => {
      for (const [view, name] of [
        [home, 'home'],
        [article, 'article'],
      ] as const) {
        const { told, report } = reports()
        const listening = await listen(serve(view, report))
        const answer = await fetch(listening.url, { method })
        await listening.close()
        expect(answer.status).toBe(500)
        expect(await answer.text()).not.toContain('render')
        expect(told.map(messageOf)).toEqual([
          expect.stringMatching(
            new RegExp(
              `^render\\('${name}'\\), which was asked for by ${name} \\(.+render\\.test\\.(ts|js):\\d+\\), was never rendered: ` +
                'give its view to a site, site\\(\\{ routes: \\[path\\(…, view\\)\\], renderer \\}\\)$',
            ),
          ),
        ])
      }
    })

    it('on a host that speaks Fetch: the same', async () => {
      const { told, report } = reports()
      expect((await toFetch(home, { onError: report })(new Request('http://site.test/'))).status).toBe(500)
      expect(told.map(messageOf)).toEqual([expect.stringContaining("render('home'), which was asked for by home (")])
    })

    it('in production: the template alone, since to look for the view would cost every page', async () => {
      const mode = process.env['NODE_ENV']
      process.env['NODE_ENV'] = 'production'
      const { told, report } = reports()
      await toFetch(home, { onError: report })(new Request('http://site.test/'))
      process.env['NODE_ENV'] = mode
      expect(told.map(messageOf)).toEqual([
        "render('home') was never rendered: give its view to a site, site({ routes: [path(…, view)], renderer })",
      ])
    })
  })

  it('a page whose body a view wants to read', async () => {
    const { app, told } = page(() => new Response((render('inner') as never) && Reflect.get(render('inner'), 'body')))
    expect((await ask(app)).status).toBe(500)
    expect(told.map(messageOf)).toEqual([expect.stringMatching(/^render\('inner'\), which .+ was never rendered: /)])
  })
})

it('wrappers around a site see the page, rendered', async () => {
  const seen: string[] = []
  const watch = fromHooks({
    async response(response) {
      const text = await response.text()
      seen.push(text)
      return new Response(text)
    },
  })
  await ask(compose(watch)(page(() => render('home')).app))
  expect(seen).toEqual(['home {}'])
})
