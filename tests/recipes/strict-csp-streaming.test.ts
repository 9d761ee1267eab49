import { constants, gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { boardSite } from '@outerware/recipes/strict-csp-streaming/app'
import type { Sources } from '@outerware/recipes/strict-csp-streaming/board'
import { noncePlaceholder } from '@outerware/security-headers'
import { start } from './start.ts'
import { Visitor } from './visitor.ts'

/** Sources that answer when they are told to. */
function told(...names: string[]) {
  const tell: Record<string, (lines: readonly string[]) => void> = {}
  const fail: Record<string, (error: Error) => void> = {}
  const sources: Sources = Object.fromEntries(
    names.map((name) => {
      const answer = new Promise<readonly string[]>((resolve, reject) => {
        tell[name] = resolve
        fail[name] = reject
      })
      return [name, () => answer]
    }),
  )
  return { tell, fail, sources }
}

const decode = (bytes: Buffer): string => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()

describe('the strict-csp-streaming recipe', () => {
  it.each<[string, (bytes: Buffer) => string]>([
    ['identity', String],
    ['gzip', decode],
  ])('sends the page at once, and each thing when it is known, coded %s', async (coding, read) => {
    const { tell, fail, sources } = told('tides', 'ferries', 'weather')
    const { running } = await start(boardSite(sources))
    // Each step waits for the one before to have arrived here.
    const steps: [string, () => void][] = [
      ['<section id="weather">', () => tell['ferries']!(['North pier 12:00'])],
      ["place('ferries')", () => fail['weather']!(new Error('no'))],
      ["place('weather')", () => tell['tides']!(['<b>High</b> & dry'])],
    ]
    const { headers, bytes } = await new Visitor().hear(
      running.url,
      { headers: { 'accept-encoding': coding } },
      (heard) => {
        const [next] = steps
        if (next !== undefined && read(heard).includes(next[0])) {
          steps.shift()
          next[1]()
        }
        return false
      },
    )
    const page = read(bytes)
    const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1]
    expect(page.match(/<script nonce="[^"]+"/g)).toEqual(Array.from({ length: 4 }, () => `<script nonce="${nonce}"`))
    expect(steps).toEqual([])
    expect(headers['content-encoding'] ?? 'identity').toBe(coding)
    expect(page).toMatch(
      /<template><p>Not to be had.+<template><ul><li>&lt;b>High&lt;\/b> &amp; dry<\/li><\/ul>.+<\/html>\n$/s,
    )
  })

  it('gives every script the nonce of its policy, and none to anything else', async () => {
    const { tell, sources } = told('tides', 'ferries')
    tell['tides']!(['high'])
    tell['ferries']!([`<script nonce="">`])
    const ask = await start(boardSite(sources))
    const [one, other] = [await ask('/'), await ask('/')]
    const noncesOf = ({ text }: typeof one) => [...text.matchAll(/<script nonce="([^"]*)"/g)].map(([, nonce]) => nonce!)
    expect(noncesOf(one)).toHaveLength(3)
    expect(new Set(noncesOf(one)).size).toBe(1)
    expect(one.headers['content-security-policy']).toContain(`script-src 'nonce-${noncesOf(one)[0]}' 'strict-dynamic'`)
    expect(noncesOf(other)[0]).not.toBe(noncesOf(one)[0])
    expect(one.text).not.toContain(noncePlaceholder())
  })

  it('allows nothing that it does not need: Trusted Types, no frames, no other origin', async () => {
    const ask = await start(boardSite({}))
    const { headers } = await ask('/')
    for (const directive of [
      "default-src 'none'",
      "require-trusted-types-for 'script'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      expect(headers['content-security-policy']).toContain(directive)
    }
    expect((await ask('/nowhere')).headers['content-security-policy']).toContain("default-src 'none'")
  })
})
