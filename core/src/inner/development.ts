/**
 * What is looked at while a site is being made, and costs too much afterwards.
 *
 * @module
 */

/** Tells whether help may cost something: unless `NODE_ENV` is `production`, where there is one. */
export function inDevelopment(): boolean {
  const { process } = Object(globalThis)
  return process?.env?.NODE_ENV !== 'production'
}

/**
 * Tells who has called a function, and from where: `home (file:///site/views.js:12)`.
 *
 * @param below the function whose caller is meant
 * @returns a question to be asked only where something is wrong, since to write a stack down is dear; it gives
 *   `undefined` in production, and on engines that cannot tell
 */
export function callerOf(below: Function): () => string | undefined {
  if (!inDevelopment() || typeof Error.captureStackTrace !== 'function') return () => undefined
  const held: { stack?: unknown } = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 1
  Error.captureStackTrace(held, below)
  Error.stackTraceLimit = stackTraceLimit
  return () => withoutWords(() => held.stack)
}

/** The frame itself, not the lines that the engine, or somebody's source maps, would make of it. */
function withoutWords(stack: () => unknown): string | undefined {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_error, [site]) =>
    site && `${site.getFunctionName() ?? 'a function without a name'} (${site.getFileName()}:${site.getLineNumber()})`
  const words = stack()
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
  else Error.prepareStackTrace = prepareStackTrace
  return typeof words === 'string' ? words : undefined
}
