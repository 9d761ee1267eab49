import { expect, it } from '@jest/globals'
import { respond } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { myWrapper } from '@outerware/my-wrapper'
import { get, hello, listen, testContext } from '../support/index.ts'

it('sets the field', async () => {
  const response = await myWrapper({ value: 'hello' })(hello)(get('/'), testContext())
  expect(response.headers.get('x-my-wrapper')).toBe('hello')
})

it('leaves the field of the app as it is', async () => {
  const app = (): Response => respond('hello', { headers: { 'x-my-wrapper': 'mine' } })
  const response = await myWrapper()(app)(get('/'), testContext())
  expect(response.headers.get('x-my-wrapper')).toBe('mine')
})

it('wraps a Node app, over a socket', async () => {
  const server = await listen(toNode(myWrapper()(fromNode((_req, res) => res.end('hello')))))
  const response = await fetch(server.url)
  expect([response.headers.get('x-my-wrapper'), await response.text()]).toEqual(['on', 'hello'])
  await server.close()
})

it.each([[0], [''], [null]])('says what to write in place of %j', (value) => {
  // @ts-expect-error -- what JavaScript may give
  expect(() => myWrapper({ value })).toThrow(/^myWrapper\.value must be a text, got /)
})
