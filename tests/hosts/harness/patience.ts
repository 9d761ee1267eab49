/**
 * Waiting for what may never come, on a machine that may be busy with something else.
 *
 * @module
 */

/** How long a state has to stand still, in ticks of 50 ms, each with a turn of the event loop between. */
const TICKS = 100

/**
 * Gives up when the state has not changed for so many ticks. Ticks, not time: where this process gets no turn,
 * nothing counts.
 *
 * @returns stops waiting
 */
export function whenStill(state: () => string, giveUp: () => void, ticks = TICKS): () => void {
  let before = state()
  let still = 0
  const timer = setInterval(() => {
    const now = state()
    still = now === before ? still + 1 : 0
    before = now
    if (still < ticks) return
    clearInterval(timer)
    giveUp()
  }, 50)
  return () => clearInterval(timer)
}
