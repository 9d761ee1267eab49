import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { serve, type Running } from '@outerware/core/node'
import { contrast } from '@outerware/recipes/outer-or-inner/app'
import { inBrowser } from './browser.ts'

inBrowser('the outer-or-inner recipe in a browser', (open) => {
  let running: Running
  beforeAll(async () => {
    const site = contrast({ warmUp: 1, rounds: 1, requests: 2 })
    running = await serve(site, { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100 })
  })
  afterAll(() => running.stop())

  it('draws its marks and bars under the strict policy, and does so again when asked', async () => {
    const { page, complaints } = await open()
    await page.goto(running.url)
    expect(await page.title()).toBe('Outer or inner')
    const first = await page.locator('time').getAttribute('datetime')
    expect(await page.getByRole('img', { name: 'covered', exact: true }).count()).toBeGreaterThan(30)

    // The longest bar fills its rail, and the shortest does not.
    const widths: number[] = await page.evaluate(
      '[...document.querySelectorAll(".length")].map((bar) => bar.getBoundingClientRect().width)',
    )
    const rail: number = await page.evaluate('document.querySelector(".rail").getBoundingClientRect().width')
    expect(widths).toHaveLength(6)
    expect(Math.max(...widths)).toBeCloseTo(rail, 0)
    expect(Math.min(...widths)).toBeLessThan(rail)

    await page.getByRole('button', { name: 'Find out again' }).click()
    await page.waitForFunction(`document.querySelector('time').getAttribute('datetime') !== '${first}'`)
    expect(page.url()).toBe(`${running.url}/`)
    expect(complaints).toEqual([])
  })

  it('fits a telephone: nothing but the table of marks scrolls sideways', async () => {
    const { page } = await open()
    await page.setViewportSize({ width: 360, height: 800 })
    await page.goto(running.url)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })
})
