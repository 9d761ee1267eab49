/**
 * The tests again, on what is published: `@outerware/*` resolve to `dist`, as they do for users. Run the build first.
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
  // These need the built files, and run here only.
  testPathIgnorePatterns: [],
}
