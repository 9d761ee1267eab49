/**
 * The system's Chromium, where there is one.
 */
import { afterAll, beforeAll, describe } from '@jest/globals'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
]
const executablePath = places.find((place) => existsSync(place))

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  // The forms of oidc-provider ask for a font.
  '--host-resolver-rules=MAP *.googleapis.com ~NOTFOUND',
]
// Playwright turns it off; users have it.
const ignoreDefaultArgs = ['--disable-back-forward-cache']

/**
 * Describes what happens in a real browser. Without a Chromium the tests are skipped, with one line that says so;
 * where `CI` is `true` that is a failure.
 */
export function inBrowser(name: string, tests: (open: () => Promise<Window>) => void): void {
  const skipped = executablePath === undefined && process.env['CI'] !== 'true'
  if (skipped) console.info(`${name}: skipped. ${missing}`)
  const describeOrSkip = skipped ? describe.skip : describe
  describeOrSkip(name, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      if (executablePath === undefined) throw new Error(missing)
      browser = await chromium.launch({ executablePath, args: flags, ignoreDefaultArgs, timeout: PATIENCE })
    })
    afterAll(() => browser?.close())
    tests(() => openWindow(browser!))
  })
}

/** How long a step of a browser may take, on a machine that does much else: milliseconds. */
const PATIENCE = 120_000

const missing = 'There is no Chromium; install one, or name its path in CHROMIUM.'

/** A page with a profile of its own. */
export interface Window {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser has complained of: errors and warnings of its console, exceptions, violations of a policy. */
  readonly complaints: readonly string[]
}

/** In the page: what a policy stops or reports is named, also where the console is silent. */
const reportViolations = `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample, disposition }) =>
  console.error(['violation:', effectiveDirective, blockedURI, disposition, sample].join(' ')))`

async function openWindow(browser: Browser): Promise<Window> {
  // The https of tests has a certificate that signs for itself.
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  await context.addInitScript(reportViolations)
  context.setDefaultTimeout(PATIENCE)
  return { page: await context.newPage(), context, complaints }
}

/** Gives the complaints once there is one like this: a violation is told some time after it. Waits a minute at most. */
export async function complaintsWith(like: RegExp, complaints: readonly string[]): Promise<readonly string[]> {
  for (let left = 1200; left > 0 && !complaints.some((one) => like.test(one)); left--) await sleep(50)
  return complaints
}
