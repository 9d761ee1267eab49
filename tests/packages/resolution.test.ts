import { expect, it } from '@jest/globals'

it.each(['core', 'core/node', 'core/headers', 'static', 'oauth2', 'security-headers', 'compression'])(
  'these tests run on the built files: @outerware/%s is one of dist',
  (name) => {
    expect(import.meta.resolve(`@outerware/${name}`)).toMatch(/\/dist\/(\w+\/)?index\.js$/)
  },
)
