/**
 * The system is out of descriptors or memory: that says nothing of a file.
 *
 * @module
 */

const codes = ['EMFILE', 'ENFILE', 'ENOMEM']

/** Tells whether an error says so. */
export function isExhausted(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code))
}

/** How often the same is said. */
const QUIET_MS = 60_000

/** Makes a function that tells of it, once a minute: under load there are thousands of such errors. */
export function exhaustionTeller(report: (message: string) => void): (error: unknown) => void {
  let toldAt = -Infinity
  return (error) => {
    const now = performance.now()
    if (now - toldAt < QUIET_MS) return
    toldAt = now
    report(`staticFiles: files that are not in memory are answered with 503 for now: ${Object(error).message}`)
  }
}
