declare const Bun: {
  plugin(plugin: {
    name: string
    setup(build: { module(name: string, load: () => Promise<{ exports: object; loader: 'object' }>): void }): void
  }): void
}

Bun.plugin({
  name: 'jest',
  setup: (build) =>
    build.module('@jest/globals', async () => ({ exports: await import('./jest-globals.ts'), loader: 'object' })),
})
await import('./laws.ts')
