import { expect, it } from '@jest/globals'
import { asking, CHANGED, folder, said } from './support.ts'

const OLDER = '2024-05-06T07:08:08Z'
const dir = folder({
  'all.js': 'x'.repeat(100),
  'all.js.br': 'b'.repeat(30),
  'all.js.gz': 'g'.repeat(50),
  'all.js.zst': 'z'.repeat(40),
  'gz.js': 'x'.repeat(100),
  'gz.js.gz': 'gzip',
  'none.js': 'x'.repeat(100),
  'stale.js': 'fresh'.repeat(10),
  'stale.js.gz': { text: 'stale', date: OLDER },
  'stale.js.br': 'brotli',
  'large.js': 'tiny',
  'large.js.gz': 'larger than the file',
  'large.js.br': 'same',
  'backup.tar.gz': 'archive',
  'orphan.js.br': 'orphan',
  'both.tar': 'tar'.repeat(50),
  'both.tar.gz': 'tgz',
})
const ask = asking(dir)

const codingOf = async (path: string, accept?: string): Promise<string> => {
  const response = await ask(path, accept === undefined ? {} : { 'accept-encoding': accept })
  expect(response.status).toBe(200)
  return response.headers.get('content-encoding') ?? 'identity'
}

it.each([
  // Nothing, or nothing but identity.
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['deflate', 'identity'],
  // Equals: the smallest.
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, zstd', 'zstd'],
  ['gzip', 'gzip'],
  ['*', 'br'],
  ['br;q=0, *', 'zstd'],
  // The client's wish before the size.
  ['br;q=0.5, gzip', 'gzip'],
  ['br;q=0.001, gzip;q=0.002', 'gzip'],
  ['gzip;q=0.5, identity', 'identity'],
  ['gzip;q=0.5, identity;q=0.6', 'identity'],
  // What it does not want it does not get.
  ['gzip;q=0', 'identity'],
  ['gzip;q=0.000, br;q=0.0', 'identity'],
  ['*;q=0', 'identity'],
  ['*;q=0, gzip', 'gzip'],
  ['identity;q=0', 'identity'],
  ['identity;q=0, gzip', 'gzip'],
  // Names as they are, in any case; x-gzip is gzip.
  ['GZIP', 'gzip'],
  ['X-Gzip', 'gzip'],
  ['gzip;Q=1', 'gzip'],
  ['gzip;q=1.000', 'gzip'],
  [' gzip ; q=0.9 ,\tbr ; q=0.8', 'gzip'],
  ['brown', 'identity'],
  ['gzip-next', 'identity'],
  ['brotli', 'identity'],
  ['gzip br', 'identity'],
  ['gzip;q=2', 'identity'],
])('Accept-Encoding %j gets %s', async (accept, coding) => {
  expect(await codingOf('/all.js', accept)).toBe(coding)
})

it.each([
  ['identity', undefined, 'x'.repeat(100), ''],
  ['br', 'br', 'b'.repeat(30), '-br'],
  ['gzip', 'gzip', 'g'.repeat(50), '-gz'],
  ['zstd', 'zstd', 'z'.repeat(40), '-zst'],
])('%s has its own bytes, length and tag, and the type of the file', async (coding, accept, bytes, mark) => {
  const response = await ask('/all.js', accept === undefined ? {} : { 'accept-encoding': accept })
  expect(response.headers.get('content-encoding') ?? 'identity').toBe(coding)
  expect(response.headers.get('content-length')).toBe(String(bytes.length))
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('etag')).toMatch(new RegExp(`^"[\\w-]{16}${mark}"$`))
  expect(await response.text()).toBe(bytes)
})

it('the tags of two forms are made of the same hash, and do not match each other', async () => {
  const plain = (await ask('/all.js')).headers.get('etag') ?? ''
  const coded = (await ask('/all.js', { 'accept-encoding': 'br' })).headers.get('etag') ?? ''
  expect(coded).toBe(plain.replace(/"$/, '-br"'))
  expect((await ask('/all.js', { 'accept-encoding': 'br', 'if-none-match': plain })).status).toBe(200)
  expect((await ask('/all.js', { 'accept-encoding': 'br', 'if-none-match': coded })).status).toBe(304)
})

it.each([
  ['a 200 of the plain form', {}, 200],
  ['a 200 of a coded form', { 'accept-encoding': 'br' }, 200],
  ['a 206', { range: 'bytes=0-0' }, 206],
  ['a 304', { 'if-none-match': '*' }, 304],
  ['a 412', { 'if-match': '"x"' }, 412],
  ['a 416', { range: 'bytes=1000-' }, 416],
])('Vary is on %s of a file that has forms, and on none of one that has not', async (_name, fields, status) => {
  const [forms, none] = [await ask('/all.js', fields), await ask('/none.js', fields)]
  expect([forms.status, none.status]).toEqual([status, status])
  expect(forms.headers.get('vary')).toBe('accept-encoding')
  expect(none.headers.has('vary')).toBe(false)
})

it('a sibling that is older than its file is not sent', async () => {
  expect(await codingOf('/stale.js', 'gzip')).toBe('identity')
  expect(await codingOf('/stale.js', 'gzip, br')).toBe('br')
})

it('a sibling that the compressor has made of a file of another size is not sent, though all dates are one', async () => {
  const sha256 = 'a'.repeat(43)
  const note = (size: number): object => ({ size, mtimeMs: Date.parse(CHANGED), sha256, forms: { gzip: 4 } })
  const files = { 'now.js': note(60), 'then.js': note(59), 'other.js': note(59) }
  const mixed = asking(
    folder({
      ...Object.fromEntries(Object.keys(files).map((name) => [name, 'x'.repeat(60)])),
      ...Object.fromEntries(Object.keys(files).map((name) => [`${name}.gz`, name === 'other.js' ? 'mine!' : 'form'])),
      '.static-manifest.json': JSON.stringify({ version: 1, files }),
    }),
  )
  const codings = Object.keys(files).map(async (name) =>
    (await mixed(`/${name}`, { 'accept-encoding': 'gzip' })).headers.get('content-encoding'),
  )
  // The last one is of somebody else, who may know better.
  expect(await Promise.all(codings)).toEqual(['gzip', null, 'gzip'])
})

it('a sibling that is not smaller than its file is not sent, and the file has no Vary', async () => {
  expect(await codingOf('/large.js', 'gzip, br')).toBe('identity')
  expect((await ask('/large.js')).headers.has('vary')).toBe(false)
})

it('a sibling is no file of its own', async () => {
  expect(await said(await ask('/all.js.gz'))).toBe('404 app: GET')
  expect(await said(await ask('/stale.js.gz'))).toBe('404 app: GET')
  expect(await said(await ask('/both.tar.gz'))).toBe('404 app: GET')
})

it.each([
  ['/backup.tar.gz', 'archive', 'application/gzip'],
  ['/orphan.js.br', 'orphan', 'application/octet-stream'],
])('%s, which is the sibling of nothing, is sent as it is', async (path, text, type) => {
  const response = await ask(path, { 'accept-encoding': 'gzip, br' })
  expect(response.headers.get('content-type')).toBe(type)
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(await said(response)).toBe(`200 ${text}`)
})

it('encodings says which siblings are looked for; others are files', async () => {
  const onlyBr = asking({ dir, encodings: ['br'] })
  expect((await onlyBr('/all.js', { 'accept-encoding': 'gzip' })).headers.has('content-encoding')).toBe(false)
  expect((await onlyBr('/all.js', { 'accept-encoding': 'gzip, br' })).headers.get('content-encoding')).toBe('br')
  expect(await said(await onlyBr('/gz.js.gz'))).toBe('200 gzip')
})

it('reports stale and useless siblings once, with the command that mends it', () => {
  const messages: string[] = []
  asking({ dir, report: (message) => messages.push(message) })
  expect(messages).toHaveLength(1)
  expect(messages[0]?.split('\n').sort()).toEqual([
    `  ${dir}/large.js.br`,
    `  ${dir}/large.js.gz`,
    `  ${dir}/stale.js.gz`,
    `  To make them anew: npx outerware-static compress ${dir}`,
    'staticFiles: Older than their originals, or not smaller, and not sent:',
  ])
})
