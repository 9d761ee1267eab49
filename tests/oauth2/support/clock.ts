/** Moves the clock of the whole test, the provider's too. */
export interface Clock {
  forward(seconds: number): void
  restore(): void
}

export function clock(): Clock {
  const real = Date.now
  let ahead = 0
  Date.now = () => real.call(Date) + ahead * 1000
  return {
    forward: (seconds) => void (ahead += seconds),
    restore: () => void (Date.now = real),
  }
}
