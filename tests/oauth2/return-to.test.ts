import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { browser, gateTo, origin, startProvider, whoAmI, type Browser, type TestProvider } from './support/index.ts'

let provider: TestProvider
// One browser for all: the provider knows it after the first login, and asks no more.
let ann: Browser
beforeAll(async () => {
  provider = await startProvider()
  ann = browser({ [origin]: gateTo(provider)(whoAmI) })
})
beforeEach(() => void ann.jar.delete(origin))

/** Where the browser is sent by the callback, after a login with this returnTo. */
async function landing(query: string): Promise<string> {
  const back = await ann.signIn(`${origin}/auth/login?${query}`, 'ann', {
    stopAt: (url) => url.startsWith(`${origin}/auth/callback`),
  })
  return (await ann.fetch(back.url)).headers.get('location')!
}

const to = (value: string): string => `returnTo=${encodeURIComponent(value)}`

describe('stays on the site', () => {
  it.each([
    ['https://evil.test/'],
    ['https:evil.test'],
    ['https:/evil.test'],
    ['HTTPS://evil.test'],
    ['http://site.test/'],
    ['//evil.test'],
    ['///evil.test'],
    ['////evil.test'],
    ['/\\evil.test'],
    ['\\\\evil.test'],
    ['\\/evil.test'],
    ['/\\/evil.test'],
    ['/.//evil.test'],
    ['/..//evil.test'],
    ['/x/..//evil.test'],
    ['/%2fevil.test'],
    ['/%2f%2fevil.test'],
    ['/%2F%2Fevil.test'],
    ['/%5cevil.test'],
    ['/%5Cevil.test'],
    ['/%2e%2f%2fevil.test'],
    ['/%09/evil.test'],
    ['/%0d%0aset-cookie:a=b'],
    ['/%00/evil.test'],
    ['/\t/evil.test'],
    ['/\n/evil.test'],
    ['/\r\n/evil.test'],
    ['\t//evil.test'],
    [' //evil.test'],
    ['/ /evil.test'],
    ['\u00a0//evil.test'],
    ['/\u0085/evil.test'],
    ['javascript:alert(1)'],
    ['JaVaScRiPt:alert(1)'],
    ['\u0001javascript:alert(1)'],
    ['data:text/html,x'],
    ['https://site.test@evil.test/'],
    ['https://site.test:443@evil.test/'],
    ['https://site.test.evil.test/'],
    ['https://site.test\\@evil.test/'],
    ['https://site.testevil/'],
    ['https://user@site.test/'],
    ['https://site.test//evil.test'],
    ['evil.test'],
    ['@evil.test'],
    ['.evil.test'],
    ['?x'],
    ['#x'],
    [''],
    ['/%zz'],
    [`/${'x'.repeat(1024)}`],
    // As long only as it is sent: six characters for each of these, three of those.
    [`/${'\u0142'.repeat(900)}`],
    [`/?${'"'.repeat(900)}`],
  ])('%j leads to the beginning of the site', async (value) => {
    expect(await landing(to(value))).toBe(`${origin}/`)
  })

  it('as raw bytes in the query too, and with the parameter repeated', async () => {
    expect(await landing('returnTo=//evil.test')).toBe(`${origin}/`)
    ann.jar.delete(origin)
    expect(await landing('returnTo=https://evil.test&returnTo=/fine')).toBe(`${origin}/`)
  })

  it.each([
    ['/auth/login'],
    ['/auth/logout'],
    ['/auth/logout?x=1'],
    ['/%61uth/logout'],
    ['/x/../auth/logout'],
    ['/auth/callback'],
  ])('%s is the gate itself: nobody is signed out by signing in', async (value) => {
    expect(await landing(to(value))).toBe(`${origin}/`)
  })
})

describe('keeps', () => {
  it.each([
    ['/', '/'],
    ['/page', '/page'],
    ['/page?a=1&b=https://other.test/#part', '/page?a=1&b=https://other.test/#part'],
    ['/a//b', '/a//b'],
    ['/über uns'.replace(' ', '%20'), '/%C3%BCber%20uns'],
    ['/search?q=a%0Ab%2f%2fc', '/search?q=a%0Ab%2f%2fc'],
    ['/auth/login/help', '/auth/login/help'],
    ['https://site.test/page?a=1', '/page?a=1'],
  ])('%s', async (value, path) => {
    expect(await landing(to(value))).toBe(origin + path)
  })
})

describe('the page that was wanted', () => {
  const sentBack = async (path: string): Promise<string> => {
    const back = await ann.signIn(origin + path, 'ann', { stopAt: (url) => url.startsWith(`${origin}/auth/callback`) })
    return (await ann.fetch(back.url)).headers.get('location')!
  }

  it.each([
    ['//evil.test/', '/'],
    ['/%5cevil.test', '/'],
    ['/a/%2e%2e/b', '/b'],
    ['/page?returnTo=//evil.test', '/page?returnTo=//evil.test'],
  ])('%s leads nowhere else', async (path, wanted) => {
    expect(await sentBack(path)).toBe(origin + wanted)
  })
})
