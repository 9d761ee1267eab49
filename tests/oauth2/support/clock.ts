/** Moves the clock of the whole test, the provider's too. */
export interface Clock {
  forward(seconds: number): void
  /** From now on it moves by `forward()` alone, however long the machine takes. */
  stop(): void
  restore(): void
}

export function clock(): Clock {
  const real = Date.now
  let ahead = 0
  let stoppedAt: number | undefined
  Date.now = () => (stoppedAt ?? real.call(Date)) + ahead * 1000
  return {
    stop: () => void (stoppedAt = real.call(Date)),
    forward: (seconds) => void (ahead += seconds),
    restore: () => void (Date.now = real),
  }
}
