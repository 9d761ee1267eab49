import { describe, expect, it } from '@jest/globals'
import { toBun } from '@outerware/core/bun'
import { toDeno } from '@outerware/core/deno'
import { chartSite } from '@outerware/recipes/bun/app'
import { signalSite } from '@outerware/recipes/deno/app'
import worker from '@outerware/recipes/workers/worker'

// The runtimes themselves are asked where the recipes are copied and installed, in tests/packages.
const at = (path: string, init?: RequestInit): Request => new Request(`http://localhost:3000${path}`, init)

describe('the bun recipe', () => {
  const opened: string[] = []
  const open = (path: string) => {
    opened.push(path)
    return Object.assign(new Blob(['<svg/>'], { type: 'image/svg+xml' }), {
      exists: () => Promise.resolve(path.endsWith('/files/skerry.svg')),
    })
  }
  const serve = toBun(chartSite(open))
  const ask = (request: Request) => serve(request, { requestIP: () => ({ address: '127.0.0.1' }) })

  it('dresses a file that Bun sends, and leaves it its own fields', async () => {
    const { status, headers } = await ask(at('/skerry.svg'))
    expect([status, headers.get('x-frame-options'), headers.get('cache-control')]).toEqual([
      200,
      'SAMEORIGIN',
      'public, max-age=3600',
    ])
  })

  it.each(['/nowhere.svg', '/..%2Fapp.ts', '/start.ts', '/%zz'])('has no %s', async (path) => {
    const { status, headers } = await ask(at(path))
    expect([status, headers.get('x-frame-options')]).toEqual([404, 'SAMEORIGIN'])
  })

  it('opens nothing outside of its folder', () => {
    expect(opened.map((path) => path.split('/').slice(-2).join('/'))).toEqual(['files/skerry.svg', 'files/nowhere.svg'])
  })

  it('knows its own names only', async () => {
    expect((await ask(new Request('http://evil.test/'))).status).toBe(400)
  })
})

describe('the deno recipe', () => {
  const serve = toDeno(signalSite())
  const ask = (path: string, init?: RequestInit) => serve(at(path, init), { remoteAddr: { hostname: '127.0.0.1' } })
  const hoist = (body: string, headers: Record<string, string> = {}) => ask('/', { method: 'POST', body, headers })

  it('hoists flags, one by one', async () => {
    expect(await (await hoist('Bravo')).json()).toEqual({ station: 'Skerry', flying: ['Alfa', 'Bravo'] })
    expect((await hoist('not one flag')).status).toBe(422)
    expect(await (await ask('/')).json()).toEqual({ station: 'Skerry', flying: ['Alfa', 'Bravo'] })
  })

  it('hoists none for another site', async () => {
    expect((await hoist('Charlie', { origin: 'https://evil.test' })).status).toBe(403)
  })

  it('dresses its 404', async () => {
    const { status, headers } = await ask('/nowhere')
    expect([status, headers.get('x-content-type-options')]).toEqual([404, 'nosniff'])
  })
})

describe('the workers recipe', () => {
  /** Bindings as the edge gives them: what `fetch()` gives there cannot be changed. */
  function bindings() {
    const kept = new Map<string, string>()
    const asked: string[] = []
    const tasks: Promise<unknown>[] = []
    const env = {
      ASSETS: {
        fetch: (request: Request) => {
          asked.push(new URL(request.url).pathname)
          return Promise.resolve(Response.redirect('http://localhost:3000/elsewhere', 307))
        },
      },
      VISITS: {
        get: (key: string) => Promise.resolve(kept.get(key) ?? null),
        put: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
      },
    }
    const ask = (path: string) => worker.fetch(at(path), env, { waitUntil: (task) => void tasks.push(task) })
    return { ask, asked, settle: () => Promise.all(tasks), env }
  }

  it('dresses what the assets answer, though it is immutable', async () => {
    const { ask, asked } = bindings()
    const { status, headers } = await ask('/stage.css')
    expect([status, headers.get('location'), asked]).toEqual([307, 'http://localhost:3000/elsewhere', ['/stage.css']])
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self';/)
  })

  it('counts pages, not files, once the answer is out', async () => {
    const { ask, settle } = bindings()
    for (const path of ['/', '/stage.css', '/favicon.svg']) await ask(path)
    await settle()
    await ask('/')
    await settle()
    expect(await (await ask('/visits')).json()).toEqual({ visits: 2 })
  })

  it('asks for no path that could be read in two ways', async () => {
    const { ask, asked } = bindings()
    expect([(await ask('/a%2Fb')).status, asked]).toEqual([400, []])
  })
})
