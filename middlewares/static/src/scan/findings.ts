/**
 * What a scan did not like, told once and in one piece.
 *
 * @module
 */
import { printable } from '../printable.ts'
import type { Settings } from '../settings.ts'

/** So many are named; of the rest the number is told. */
const MOST_NAMED = 20

/** Collects what is not served, and why. One bad file never stops a site. */
export class Findings {
  readonly #unserved: string[] = []
  readonly #unsent: string[] = []

  /** A file or directory is left out. */
  leaveOut(path: string, reason: unknown): void {
    const isError = typeof reason === 'object' && reason !== null && 'message' in reason
    this.#unserved.push(`${path}: ${String(isError ? reason.message : reason)}`)
  }

  /** A coded form is not sent. */
  drop(paths: readonly string[]): void {
    this.#unsent.push(...paths)
  }

  tell({ report, roots }: Settings): void {
    if (this.#unserved.length > 0) report(listing('Left out, and not served:', this.#unserved))
    if (this.#unsent.length === 0) return
    const command = roots.map(({ dir }) => `npx outerware-static compress ${dir}`).join(' && ')
    report(
      `${listing('Older than their originals, or not smaller, and not sent:', this.#unsent)}\n  To make them anew: ${command}`,
    )
  }
}

function listing(title: string, lines: readonly string[]): string {
  const named = lines.slice(0, MOST_NAMED).map((line) => `\n  ${printable(line)}`)
  const rest = lines.length - named.length
  return `staticFiles: ${title}${named.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`
}
