import { expect, it } from '@jest/globals'
import { after, compose, editHeaders, type Wrapper } from '@outerware/core'
import { get, hello, testContext } from '../support/index.ts'

const tag =
  (letter: string): Wrapper =>
  (app) =>
  (request, context) =>
    after(app(request, context), (response) => editHeaders(response, (headers) => headers.append('x-tags', letter)))

it('compose(a, b, c)(app) is a(b(c(app))): the response passes the innermost first', async () => {
  const response = await compose(tag('a'), tag('b'), tag('c'))(hello)(get(), testContext())
  expect(response.headers.get('x-tags')).toBe('c, b, a')
})
