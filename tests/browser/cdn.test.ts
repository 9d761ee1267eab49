import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { knotsSite } from '@outerware/recipes/cdn/app'
import { buildKnots } from '../recipes/cdn.ts'
import { later } from '../recipes/start.ts'
import { Visitor } from '../recipes/visitor.ts'
import { complaintsWith, inBrowser } from './browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'outerware-cdn-'))
const dist = join(folder, 'dist')
afterAll(() => rmSync(folder, { recursive: true }))

inBrowser('the cdn recipe in a browser', (open) => {
  let url: string
  let cdn: string
  beforeAll(async () => {
    await buildKnots(dist)
    const { running, use } = await later()
    url = `http://localhost:${running.port}`
    // Another origin, and the name by which the site is asked for assets: a CDN that keeps nothing.
    cdn = `http://127.0.0.1:${running.port}`
    use(knotsSite({ builds: [dist], cdn, fetchedAs: `127.0.0.1:${running.port}` }))
  })

  it('runs what comes from the CDN, its parts and its images too, and the policy has nothing against it', async () => {
    const { page, complaints } = await open()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(url)
    await page.locator('#knot', { hasText: 'The rabbit comes out of the hole' }).waitFor()
    await page.waitForLoadState('networkidle')
    const assets = asked.filter((one) => one.includes('/assets/'))
    expect(assets.map((one) => one.replace(/-[\w-]{8}\./, '.')).sort()).toEqual(
      ['bowline.js', 'main.css', 'main.js', 'rope.svg'].map((name) => `${cdn}/assets/${name}`),
    )
    expect(complaints.filter((complaint) => !complaint.includes('favicon') && !complaint.includes('404'))).toEqual([])
  })

  it('runs no script that somebody has changed on the way', async () => {
    const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
    const { file } = manifest['client/main.js']
    appendFileSync(join(dist, file), '\nalert("mine")\n')
    // What was found out about a file holds for a second.
    while (!(await new Visitor().ask(`${cdn}/${file}`)).text.includes('mine')) await sleep(100)
    const { page, complaints } = await open()
    await page.goto(url)
    await page.waitForLoadState('networkidle')
    expect(await page.locator('#knot').textContent()).toBe('Tied by a script.')
    expect((await complaintsWith(/integrity/, complaints)).join()).toContain('integrity')
  })
})
