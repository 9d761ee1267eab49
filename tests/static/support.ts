import { afterAll, afterEach } from '@jest/globals'
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { respond, type App } from '@outerware/core'
import { staticFiles, type StaticFilesOptions } from '@outerware/static'
import { get, testContext, type TestContext } from '../support/index.ts'

/** The time of change of all files that a test makes, unless it says otherwise. */
export const CHANGED = 'Mon, 06 May 2024 07:08:09 GMT'

/** What a test folder holds: a text, bytes, a link, or a text with a date of its own. */
export type Content = string | Uint8Array | { readonly link: string } | { readonly text: string; readonly date: string }

const folders: string[] = []
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})

/** Makes a folder with these files, which is removed when the tests of the file are over. */
export function folder(files: Readonly<Record<string, Content>> = {}): string {
  const made = mkdtempSync(join(tmpdir(), 'static-'))
  folders.push(made)
  fill(made, files)
  return made
}

export function fill(folderPath: string, files: Readonly<Record<string, Content>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folderPath, name)
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'object' && 'link' in content) {
      symlinkSync(content.link, path)
      continue
    }
    const dated = typeof content === 'object' && 'text' in content
    writeFileSync(path, dated ? content.text : content)
    const date = new Date(dated ? content.date : CHANGED)
    utimesSync(path, date, date)
  }
}

/** Waits until what was written before is taken for settled, so that it is kept in memory. */
export const settle = (): Promise<void> => sleep(80)

/** The app behind the files: it says that it was reached. */
export const app: App = (request) => respond(`app: ${request.method}`, { status: 404 })

/** Calls a wrapper around {@link app}. */
export type Ask = (path: string, headers?: Record<string, string>, method?: string) => Promise<Response>

export function asking(options: string | StaticFilesOptions): Ask {
  const given = typeof options === 'string' ? { dir: options } : options
  return asks(staticFiles({ report: () => {}, ...given })(app))
}

export function asks(site: App): Ask {
  return async (path, headers = {}, method = 'GET') => {
    const context = testContext()
    contexts.push(context)
    return site(get(path, headers, { method }), context)
  }
}

// As a host does, also for responses that nobody has read.
const contexts: TestContext[] = []
afterEach(() => {
  for (const context of contexts.splice(0)) context.finish()
})

/** Status and body, in one line. */
export async function said(response: Response): Promise<string> {
  return `${response.status} ${await response.text()}`
}

/** Where a descriptor of this process leads. */
export function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}

/** Sends a request, does something when its answer begins, and reads until the server closes. */
export function interruptedExchange(port: number, bytes: string, act: () => void): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (chunk) => {
      if (chunks.push(chunk) === 1) act()
    })
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.on('error', () => {})
    socket.write(bytes)
  })
}
