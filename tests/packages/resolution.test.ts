import { expect, it } from '@jest/globals'

const names = ['core', 'core/node', 'core/headers', 'core/inner', 'core/bun', 'static', 'oauth2', 'security-headers']

it.each([...names, 'compression', 'trusted-proxy'])('these tests run on built files: @outerware/%s is one', (name) => {
  expect(import.meta.resolve(`@outerware/${name}`)).toMatch(/\/dist\/(\w+\/)?\w+\.js$/)
})
