import type { App } from '@outerware/core'
export const staticFiles =
  (_dir: string) =>
  (app: App): App =>
    app
