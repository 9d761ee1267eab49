/** What is compared is comparable: every server of the bridge's suites answers what its baseline answers. */
import { describe, expect, it } from '@jest/globals'
import { listen } from '../support/index.ts'
import { bridgeServers } from './bridge-servers.ts'
import { suites } from './suites.ts'

async function answerOf(name: string, path: string): Promise<object> {
  const site = await listen(await bridgeServers[name]!())
  try {
    const response = await fetch(site.url + path)
    const { status, headers } = response
    const length = headers.get('content-length')
    return { status, length, type: headers.get('content-type'), body: await response.text() }
  } finally {
    await site.close()
  }
}

const bridge = suites.filter(({ title }) => /bridge/i.test(title))

describe.each(bridge)('$title', ({ baseline, path, servers }) => {
  it.each(servers)('$name answers the same', async ({ name }) =>
    expect(await answerOf(name, path)).toEqual(await answerOf(baseline, path)),
  )
})
