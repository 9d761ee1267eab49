import process from 'node:process'

/** Tells the parent where this runtime listens, and ends with it. */
export function announce(url: string | URL): void {
  process.stdout.write(`${String(url)}\n`)
  process.stdin.on('end', () => process.exit()).resume()
}
