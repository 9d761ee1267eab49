#!/usr/bin/env node
/**
 * The command `outerware-static`.
 *
 * CommonJS, since Node reads ES modules by libuv's threads, whose number is settled by then: one for each core, and
 * the usual four beside them for files.
 *
 * @module
 */
const { availableParallelism } = process.getBuiltinModule('node:os')
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)

void import('./compress/command.ts').then(async ({ command }) => {
  process.exitCode = await command(process.argv.slice(2), process.stdout, process.stderr)
})
