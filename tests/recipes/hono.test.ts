import { beforeAll, describe, expect, it } from '@jest/globals'
import { gunzipSync, constants } from 'node:zlib'
import type { App, Context } from '@outerware/core'
import { serve } from '@outerware/core/node'
import { guestbookSite } from '@outerware/recipes/hono/app'
import { fromHono } from '@outerware/recipes/hono/from-hono'
import { guestbook } from '@outerware/recipes/hono/guestbook'
import type { Finished } from '@outerware/core'
import { Hono } from 'hono'
import { Visitor } from './visitor.ts'
import { start, type Asks } from './start.ts'

// @ts-expect-error the guestbook wants a nonce, and here is no wrapper that gives one
const unfit: App = fromHono(guestbook())

let ask: Asks
beforeAll(async () => void (ask = await start(guestbookSite())))
const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('the hono recipe', () => {
  it('gives every inline script and style the nonce of its policy', async () => {
    const { text, headers } = await ask('/')
    const nonces = [...text.matchAll(/<(?:script|style) nonce="([\w+/=]{24})"/g)].map(([, nonce]) => nonce)
    expect([nonces.length, new Set(nonces).size]).toEqual([2, 1])
    expect(headers['content-security-policy']).toContain(`script-src 'nonce-${nonces[0]}' 'strict-dynamic'`)
    expect(text).not.toMatch(/<(script|style)(?! nonce)/)
  })

  it("dresses Hono's own 404", async () => {
    const { status, headers } = await ask('/nowhere')
    expect([status, headers['x-frame-options']]).toEqual([404, 'DENY'])
  })

  it('thanks a guest at once, and a stop waits for the ink to dry', async () => {
    const site = guestbookSite()
    const running = await serve(site, { port: 0, hostname: '127.0.0.1', signals: false })
    const answer = await new Visitor().ask(`${running.url}/names`, {
      method: 'POST',
      headers: form,
      body: 'name=Grace',
    })
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    await running.stop()
    const again = await start(site)
    expect((await again('/')).text).toContain('<li>Grace</li>')
  })

  it('lets the wind through, event by event, coded', async () => {
    const decode = (bytes: Buffer): string => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
    const heard = await new Visitor().hear(
      `${ask.running.url}/wind`,
      { headers: { 'accept-encoding': 'gzip' } },
      (bytes) => decode(bytes).includes('NW 6'),
    )
    expect(heard.headers).toMatchObject({ 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
    expect(decode(heard.bytes)).toMatch(/^event: wind\ndata: SW 4\n\nevent: wind\ndata: W 5\n\nevent: wind\ndata: NW 6/)
  })

  it('knows in Hono how an answer ended: c.env is the context', async () => {
    let tell: (finished: Finished) => void
    const ended = new Promise<Finished>((resolve) => (tell = resolve))
    const hono = new Hono<{ Bindings: Context }>().get('/', (c) => {
      c.env.onFinish((finished) => tell(finished))
      return c.text(c.env.platform)
    })
    const own = await start(fromHono<object>(hono))
    expect((await own('/')).text).toBe('node')
    expect(await ended).toMatchObject({ status: 200, outcome: 'sent' })
    expect(typeof unfit).toBe('function')
  })
})
