/**
 * The tests again, on what is published: `@outerware/*` resolve to `dist`, as they do for users. Run the build first.
 *
 * What takes long, and tells nothing of a build that the rest does not tell, runs from source only.
 *
 * @module
 */
import { createRequire } from 'node:module'

const { jest } = createRequire(import.meta.url)('../package.json')

export default {
  ...jest,
  rootDir: '..',
  // All but @outerware/source.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons'] },
  // Those in tests/packages need the built files, and run here only.
  testPathIgnorePatterns: [
    '/tests/browser/',
    '/tests/docs/(every-block|programs|shown)',
    '/tests/hosts/(fidelity|harness|http2|malformed|pressure|safe-mode)',
    '/tests/laws/breakers',
    '/tests/compression/aborted',
    '/tests/oauth2/(cache|coordinated-refresh|open-connections|shared-refresh)',
    '/tests/static/compress-command',
  ],
}
