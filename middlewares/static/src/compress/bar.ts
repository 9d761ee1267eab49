/**
 * How far it is, in one line of a terminal.
 *
 * @module
 */

/** What a command writes to. */
export interface Terminal {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean | undefined
  /** Width in characters. */
  readonly columns?: number | undefined
}

/** Shown over and over in the same place. */
export interface Bar {
  readonly show: (done: number, total: number, what: string) => void
  readonly clear: () => void
}

const WIDTH = 24
/** No eye sees more, and a terminal far away gets less to do. */
const EVERY_MS = 50

/** Makes a bar for a terminal. */
export function bar(terminal: Terminal): Bar {
  let last = -Infinity
  return {
    show(done, total, what) {
      const now = performance.now()
      if (done < total && now - last < EVERY_MS) return
      last = now
      const full = Math.round((done / total) * WIDTH)
      const line = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${total} ${what}`
      terminal.write(`\r\x1b[K${line.slice(0, (terminal.columns ?? 80) - 1)}`)
    },
    clear: () => void terminal.write('\r\x1b[K'),
  }
}
