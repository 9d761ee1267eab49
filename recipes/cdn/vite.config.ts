/**
 * The build: hashed names, a manifest of them, and coded forms of all that is worth it.
 *
 * @module
 */
import { outerwareStatic } from '@outerware/static/vite'
import { defineConfig, type UserConfig } from 'vite'

const config: UserConfig = defineConfig({
  // What a script or a style asks for is found beside it, on whichever host that is: no host is built in.
  base: './',
  build: {
    manifest: true,
    assetsInlineLimit: 0,
    rollupOptions: { input: 'client/main.js' },
  },
  plugins: [outerwareStatic()],
})

export default config
