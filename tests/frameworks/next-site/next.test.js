/** A Next.js site behind a server of one's own, as its documentation makes it. It knows nothing of Outerware. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { after, before, it } from 'node:test'
import next from 'next'

process.env.NEXT_TELEMETRY_DISABLED = '1'
const app = next({ dev: false, dir: import.meta.dirname })
let server
let url

before(async () => {
  await app.prepare()
  server = createServer(app.getRequestHandler())
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${server.address().port}`
})

after(async () => {
  server.closeAllConnections()
  server.close()
  await app.close()
})

it('renders a page for the request', async () => {
  const response = await fetch(`${url}/?q=1`)
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('x-page'), '1')
  assert.match(await response.text(), /hello (<!-- -->)?\/\?q=1/)
})

it('gives a page that was made when the site was built', async () => {
  const response = await fetch(`${url}/still`)
  assert.match(await response.text(), /made when it was built/)
  // By hand: fetch() would ask for no cached answer.
  const again = get(`${url}/still`, { headers: { 'if-none-match': response.headers.get('etag') } })
  const [{ statusCode }] = await once(again, 'response')
  assert.equal(statusCode, 304)
})

it('compresses it', async () => {
  const response = await fetch(`${url}/still`, { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(response.headers.get('content-encoding'), 'gzip')
  assert.match(await response.text(), /made when it was built/)
})

it('answers an API route, with two cookies', async () => {
  const body = JSON.stringify({ a: 1 })
  const response = await fetch(`${url}/api/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  assert.deepEqual([response.status, response.headers.getSetCookie()], [201, ['a=1', 'b=2']])
  assert.deepEqual(await response.json(), { method: 'POST', body: { a: 1 } })
})

it('streams', async () => {
  const response = await fetch(`${url}/api/stream`, { headers: { 'accept-encoding': 'identity' } })
  assert.equal(await response.text(), 'one, two, three')
})

it('serves a file, whole, in part and its head alone', async () => {
  assert.equal(await (await fetch(`${url}/file.txt`)).text(), 'a file\n')
  const part = await fetch(`${url}/file.txt`, { headers: { range: 'bytes=2-5' } })
  assert.deepEqual([part.status, await part.text()], [206, 'file'])
  const head = await fetch(`${url}/file.txt`, { method: 'HEAD' })
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '7', ''])
})

it('serves its own scripts, to be kept for a year', async () => {
  const page = await (await fetch(`${url}/still`)).text()
  const [script] = /\/_next\/static\/[^"]+\.js/.exec(page)
  const response = await fetch(url + script)
  assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.ok((await response.text()).length > 0)
})

it('has a page for what is not there', async () => {
  const response = await fetch(`${url}/nowhere`)
  assert.equal(response.status, 404)
  assert.match(await response.text(), /could not be found/)
})
