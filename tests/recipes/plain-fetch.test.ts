import { describe, expect, it } from '@jest/globals'
import { respond, toFetch, type App } from '@outerware/core'
import { tideSite } from '@outerware/recipes/plain-fetch/app'
import { entityTags } from '@outerware/recipes/plain-fetch/entity-tags'
import { testContext } from '../support/index.ts'
import { start } from './start.ts'

const ask = (path: string, init?: RequestInit): Promise<Response> =>
  toFetch(tideSite)(new Request(`http://site.test${path}`, init))
const day = '/tides.json?day=2026-06-21'

describe('the plain-fetch recipe, called as a function', () => {
  it('knows when the water turns: four times, high and low in turn, a quarter of a lunar day apart', async () => {
    const turns: { time: string; what: string }[] = JSON.parse(await (await ask(day)).text())
    const minutes = turns.map(({ time }) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
    expect(turns.length).toBe(4)
    turns.slice(1).forEach(({ what }, i) => {
      expect(what).not.toBe(turns[i]!.what)
      expect(Math.abs(minutes[i + 1]! - minutes[i]! - 372)).toBeLessThan(15)
    })
  })

  it.each([
    ['/', {}, 200],
    ['/nowhere', {}, 404],
    ['/tides.json?day=yesterday', {}, 400],
    ['/tides.json?day=2026-13-01', {}, 400],
    ['/', { method: 'DELETE' }, 405],
    ['/%', {}, 404],
  ])('%s %j is a %d', async (path, init, status) => {
    expect((await ask(path, init)).status).toBe(status)
  })

  it.each(['GET', 'HEAD'])('%s: what has not changed is not sent again', async (method) => {
    const tag = (await ask(day)).headers.get('etag')!
    expect(tag).toMatch(/^W\/"[\w+/=]{16}"$/)
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
      const again = await ask(day, { method, headers: { 'if-none-match': known } })
      expect([again.status, await again.text(), again.headers.get('etag'), again.headers.has('content-type')]).toEqual([
        304,
        '',
        tag,
        false,
      ])
    }
    expect((await ask(day, { method, headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('another day has another tag', async () => {
    const [one, other] = [await ask(day), await ask('/tides.json?day=2026-06-22')]
    expect(one.headers.get('etag')).not.toBe(other.headers.get('etag'))
  })
})

describe('its wrapper', () => {
  const through = (app: App, init?: RequestInit) =>
    entityTags(app)(new Request('http://site.test/', init), testContext())

  it.each<[string, App, RequestInit]>([
    ['a stream', () => new Response('hello'), {}],
    ['an error', () => respond('no', { status: 404 }), {}],
    ['what has a tag', () => respond('hello', { headers: { etag: '"own"' } }), {}],
    ['no body', () => respond(null), {}],
    ['the answer to a POST', () => respond('hello'), { method: 'POST' }],
  ])('gives on %s as it is, in the same turn', (_what, app, init) => {
    let given: Response | Promise<Response> | undefined
    const response = through((request, context) => (given = app(request, context)), init)
    expect(response).toBe(given)
  })
})

it('over a socket it is the same site', async () => {
  const over = await start(tideSite)
  const { status, headers } = await over(day)
  expect([status, headers.etag]).toEqual([200, (await ask(day)).headers.get('etag')])
})
