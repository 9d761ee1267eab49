/** The bytes on the wire, read by programs of other hands: `curl` asks, and `gzip`, `brotli` and `zstd` decode. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Encoding } from '@outerware/compression'
import { hasZstd } from '../support/zstd.ts'
import { bytes, sites, splits, startBoth, type Both } from './sites.ts'

const run = promisify(execFile)

/** A program each; `deflate` is a format that none of them reads. */
const programs: readonly (readonly [coding: Encoding, program: string])[] = [
  ['gzip', 'gzip'],
  ['br', 'brotli'],
  ...(hasZstd ? [['zstd', 'zstd'] as const] : []),
]

const endings: Readonly<Record<string, string>> = { gzip: '.gz', br: '.br', zstd: '.zst' }

const missing = ['curl', 'gzip', 'brotli', 'zstd'].filter((name) => spawnSync(name, ['--version']).status !== 0)
const isSkipped = missing.length > 0 && process.env['CI'] !== 'true'
if (isSkipped) console.info(`the bytes on the wire: skipped. There is no ${missing.join(', no ')}.`)

const cases = sites.flatMap(({ name, app, versions }) => versions.map((version) => [name, version, app] as const))

;(isSkipped ? describe.skip : describe).each(cases)('%s over HTTP/%s', (_name, version, app) => {
  let site: Both
  const dir = mkdtempSync(join(tmpdir(), 'compression-'))
  beforeAll(async () => void (site = await startBoth(await app())))
  afterAll(async () => {
    await site.close()
    rmSync(dir, { recursive: true })
  })

  /** Asks for many paths over one connection; the bodies are in files, as they came. */
  async function download(coding: string): Promise<readonly string[]> {
    const files = splits.map((at) => join(dir, `${coding}-${at}`))
    const each = splits.flatMap((at, i) => ['-o', files[i]!, `${site.url}/${at}`])
    const told = ['--write-out', '%{http_version} %{http_code} %header{content-encoding}\n']
    const args = ['--silent', '--insecure', `--http${version}`, '-H', `accept-encoding: ${coding}`, ...told, ...each]
    const { stdout } = await run('curl', args)
    expect(stdout).toBe(`${version} 200 ${coding}\n`.repeat(splits.length))
    return files
  }

  it.each(programs)('every split of a body is whole again, by %s', async (coding, program) => {
    const files = await download(coding)
    // Each program knows its files by their ending, and leaves the decoded one without it.
    const coded = files.map((file) => file + endings[coding])
    files.forEach((file, i) => renameSync(file, coded[i]!))
    await run(program, ['-d', ...coded])
    for (const file of files) expect(readFileSync(file).equals(bytes)).toBe(true)
  })
})
