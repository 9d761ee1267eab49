/**
 * The build: hashed names and a manifest of them, and a place for the nonce on every script and style.
 *
 * @module
 */
import { defineConfig, type UserConfig } from 'vite'

const config: UserConfig = defineConfig({
  root: 'client',
  html: { cspNonce: '{{nonce}}' },
  build: { outDir: '../dist', emptyOutDir: true, manifest: true },
  // While developing: vite beside the site, which answers for the API and the login.
  server: { proxy: { '/api': 'http://localhost:3000', '/auth': 'http://localhost:3000' } },
})

export default config
