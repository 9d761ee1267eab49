import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { pathOf, respond, type App } from '@outerware/core'
import { serve, type Running } from '@outerware/core/node'
import { boardSite, strictly } from '@outerware/recipes/strict-csp-streaming/app'
import { complaintsWith, inBrowser } from './browser.ts'

inBrowser('the strict-csp-streaming recipe in a browser', (open) => {
  let running: Running
  let careless: Running
  let tell: (lines: readonly string[]) => void
  beforeAll(async () => {
    const tides = new Promise<readonly string[]>((resolve) => (tell = resolve))
    const options = { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100 } as const
    running = await serve(boardSite({ ferries: () => Promise.resolve(['12:00']), tides: () => tides }), options)
    // A page as one writes it who forgets to escape, in the same wrappers.
    const forgetful: App = (request) => {
      const words = new URL(request.url).searchParams.get('q') ?? ''
      const headers = { 'content-type': 'text/html; charset=utf-8' }
      return pathOf(request) === '/'
        ? respond(`<!doctype html><h1>${words}</h1>`, { headers })
        : respond('', { status: 404 })
    }
    careless = await serve(strictly(forgetful), options)
  })
  afterAll(() => Promise.all([running.stop(), careless.stop()]))

  it('puts each thing in its place as it comes, and complains of nothing', async () => {
    const { page, complaints } = await open()
    await page.goto(running.url, { waitUntil: 'commit' })
    await page.locator('#ferries li').waitFor()
    expect(await page.locator('#tides').textContent()).toBe('…')
    tell(['High 04:50'])
    await page.locator('#tides li').waitFor()
    expect(await page.locator('#tides').textContent()).toBe('High 04:50')
    expect(complaints).toEqual([])
  })

  it.each([
    ['a script', '<script>window.got = 1</script>'],
    ['a handler', '<img src=x onerror="window.got = 1">'],
    ['a script of another site', '<script src="https://evil.example/x.js"></script>'],
    ['a guessed nonce', '<script nonce="AAAAAAAAAAAAAAAAAAAAAA==">window.got = 1</script>'],
    ['another base', '<base href="https://evil.example/">'],
  ])('runs nothing of %s that somebody has put into a page', async (_what, words) => {
    const { page, complaints } = await open()
    await page.goto(`${careless.url}/?q=${encodeURIComponent(words)}`, { waitUntil: 'load' })
    expect(await page.evaluate('window.got')).toBeUndefined()
    const told = await complaintsWith(/Content Security Policy/, complaints)
    expect(told.join('\n')).toMatch(/Content Security Policy/)
  })

  it('lets no string become HTML, though a script of ours tries', async () => {
    const { page } = await open()
    await page.goto(running.url, { waitUntil: 'commit' })
    await page.locator('#ferries li').waitFor()
    const outcome = await page.evaluate(`(() => {
      try { document.querySelector('h1').innerHTML = '<i>x</i>'; return 'put in' } catch (error) { return error.name }
    })()`)
    expect(outcome).toBe('TypeError')
  })
})
