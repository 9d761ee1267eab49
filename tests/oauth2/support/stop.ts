import { afterAll } from '@jest/globals'

const started: (() => Promise<void>)[] = []

/** Has something stopped when the tests of the file are over, whether they have passed or not. */
export function stopLater(stop: () => Promise<void>): void {
  started.push(stop)
}

afterAll(async () => {
  for (const stop of started) await stop()
})
