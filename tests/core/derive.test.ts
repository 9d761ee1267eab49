import { describe, expect, it } from '@jest/globals'
import { derive, editRequestHeaders, native, peekBody, pathOf } from '@outerware/core'
import { get, lightRequest, streamOf, turns } from '../support/index.ts'

const post = (body: string | ReadableStream<Uint8Array>, headers: Record<string, string> = {}): Request =>
  get('/in?q=1', headers, { method: 'POST', body, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) })

/** A host's own request, known by its shape. */
const own = (calls: unknown[]): Request =>
  Object.assign(get('/as/fetch/reads/it'), {
    native: get('/native'),
    path: '/as/the/host/reads/it',
    derive: (init: unknown) => {
      calls.push(init)
      return get('/derived')
    },
    peekBody: (limit: number) => {
      calls.push(limit)
      return Promise.resolve(undefined)
    },
  })

describe('derive(request, init)', () => {
  it('changes the url, and keeps method, headers, body and signal', async () => {
    const controller = new AbortController()
    const request = get('/in', { a: '1' }, { method: 'POST', body: 'hello', signal: controller.signal })
    const derived = derive(request, { url: 'https://other.test/out?x' })
    expect([derived.url, derived.method, derived.headers.get('a')]).toEqual(['https://other.test/out?x', 'POST', '1'])
    expect(await derived.text()).toBe('hello')
    controller.abort()
    expect(derived.signal.aborted).toBe(true)
  })

  it.each([
    ['/out', 'http://site.test/out'],
    ['out', 'http://site.test/a/out'],
    ['?y', 'http://site.test/a/b?y'],
    ['//other.test/out', 'http://other.test/out'],
  ])('reads a relative url against its own: %s', (url, href) => {
    expect(derive(get('/a/b?x'), { url }).url).toBe(href)
  })

  it('changes the method', async () => {
    const derived = derive(post('hello'), { method: 'PUT' })
    expect([derived.method, derived.url, await derived.text()]).toEqual(['PUT', 'http://site.test/in?q=1', 'hello'])
  })

  it('changes all headers', async () => {
    const derived = derive(post('hello', { a: '1' }), { headers: new Headers({ b: '2' }) })
    expect([...derived.headers]).toEqual([['b', '2']])
    expect(await derived.text()).toBe('hello')
  })

  it('changes all at once, with a body that is a stream', async () => {
    const init = { url: '/out', method: 'PATCH', headers: new Headers({ b: '2' }) }
    const derived = derive(post(streamOf('hel', 'lo'), { a: '1' }), init)
    expect([derived.url, derived.method, ...derived.headers]).toEqual(['http://site.test/out', 'PATCH', ['b', '2']])
    expect(await derived.text()).toBe('hello')
  })

  it('puts another body in the place of one that was read whole, which is given up', async () => {
    let cancelled = false
    const old = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(9)),
      cancel: () => void (cancelled = true),
    })
    const derived = derive(post(old, { a: '1' }), { body: new TextEncoder().encode('other') })
    expect([derived.method, derived.url, derived.headers.get('a')]).toEqual(['POST', 'http://site.test/in?q=1', '1'])
    expect(await derived.text()).toBe('other')
    expect(cancelled).toBe(true)
  })

  it('with nothing that differs gives the same request', () => {
    const request = get('/a')
    expect(derive(request, {})).toBe(request)
    expect(derive(request, { url: '/a' })).toBe(request)
  })

  it('leaves the request that it was given as it is', () => {
    const request = get('/a', { a: '1' })
    derive(request, { url: '/b', headers: new Headers() })
    expect([request.url, request.headers.get('a')]).toEqual(['http://site.test/a', '1'])
  })

  it('throws a TypeError for what is no url', () => {
    expect(() => derive(get(), { url: 'http://' })).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })

  it('throws a TypeError for GET with a body, which Fetch does not have', () => {
    expect(() => derive(post('hello'), { method: 'GET' })).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })
})

describe('editRequestHeaders(request, edit)', () => {
  it("gives a derived request for a platform's own, which stays as it is", async () => {
    const request = post('hello', { a: '1', b: '2' })
    const edited = editRequestHeaders(request, (headers) => {
      headers.delete('a')
      headers.set('c', '3')
    })
    expect(edited).not.toBe(request)
    expect([edited.url, edited.method]).toEqual([request.url, 'POST'])
    expect(['a', 'b', 'c'].map((name) => edited.headers.get(name))).toEqual([null, '2', '3'])
    expect(request.headers.get('a')).toBe('1')
    expect(await edited.text()).toBe('hello')
  })

  it("gives a host's own request itself, edited in place", () => {
    const request = lightRequest('/')
    expect(editRequestHeaders(request, (headers) => headers.set('c', '3'))).toBe(request)
    expect(request.headers.get('c')).toBe('3')
  })

  it('what the edit throws comes out, the very same object', () => {
    const reason = new Error('mine')
    for (const request of [get(), lightRequest('/')]) {
      expect(() =>
        editRequestHeaders(request, () => {
          throw reason
        }),
      ).toThrow(reason)
    }
  })
})

describe("a host's own request does it by itself", () => {
  it('derive, native, peekBody, pathOf', async () => {
    const calls: unknown[] = []
    const request = own(calls)
    expect(derive(request, { url: '/x' }).url).toBe('http://site.test/derived')
    expect(native(request).url).toBe('http://site.test/native')
    expect(pathOf(request)).toBe('/as/the/host/reads/it')
    await peekBody(request, 5)
    await peekBody(request)
    expect(calls).toEqual([{ url: '/x' }, 5, 1_048_576])
  })
})

it("native(request) is the platform's own request itself", () => {
  const request = get()
  expect(native(request)).toBe(request)
})

describe('peekBody(request, limit)', () => {
  it.each<[string, string | ReadableStream<Uint8Array>]>([
    ['a text', 'hello'],
    ['a stream', streamOf('he', 'l', 'lo')],
  ])('reads the body and leaves it whole: %s', async (_, body) => {
    const request = post(body)
    expect(Buffer.from((await peekBody(request))!).toString()).toBe('hello')
    expect(request.bodyUsed).toBe(false)
    expect(await request.text()).toBe('hello')
  })

  it('reads again what was read', async () => {
    const request = post('hello')
    await peekBody(request)
    expect(await peekBody(request)).toHaveLength(5)
    expect(await request.text()).toBe('hello')
  })

  it.each<[string, Request]>([
    ['no body', get()],
    ['an empty body', post('')],
  ])('gives no bytes for %s', async (_, request) => {
    expect(await peekBody(request)).toEqual(new Uint8Array())
    expect(await request.text()).toBe('')
  })

  it('takes a body that is as long as the limit, and none that is longer', async () => {
    expect(await peekBody(post('hello'), 5)).toHaveLength(5)
    expect(await peekBody(post(streamOf('hel', 'lo')), 5)).toHaveLength(5)
    expect(await peekBody(post('hello'), 4)).toBeUndefined()
    expect(await peekBody(post(streamOf('hel', 'lo')), 4)).toBeUndefined()
  })

  it('has a limit of one megabyte, if none is given', async () => {
    expect(await peekBody(post('x'.repeat(1_048_576)))).toHaveLength(1_048_576)
    expect(await peekBody(post('x'.repeat(1_048_577)))).toBeUndefined()
  })

  it('leaves a body whole that is longer than the limit', async () => {
    const request = post(streamOf('hel', 'lo'))
    await peekBody(request, 4)
    expect(await request.text()).toBe('hello')
  })

  it('reads no further than a little beyond the limit', async () => {
    let made = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        made += 1
        controller.enqueue(new Uint8Array(1000))
      },
    })
    const request = post(body)
    expect(await peekBody(request, 3000)).toBeUndefined()
    await turns()
    expect(made).toBeLessThan(10)
    await request.body!.cancel()
  })

  it('a body that breaks is a rejection, for the app too', async () => {
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('gone')) })
    const request = post(body)
    await expect(peekBody(request)).rejects.toThrow('gone')
    await expect(request.text()).rejects.toThrow('gone')
  })

  it('a body that was read already is a rejection', async () => {
    const request = post('hello')
    await request.text()
    await expect(peekBody(request)).rejects.toMatchObject({ name: 'TypeError' })
  })
})
