import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until it is so. There is no limit but the test's own: how long it takes is the machine's affair. */
export async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await sleep(10)
}
