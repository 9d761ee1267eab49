/**
 * Runs kinds on both sides and hands out what each has shown, a few at a time, so that a suite is quick and each
 * result still belongs to its name.
 *
 * @module
 */
import { makeApp } from '../app.ts'
import { themes, type Theme } from '../kinds/index.ts'
import type { Kind } from './kind.ts'
import { observe, type Host, type MakeServer, type Observation } from './run.ts'

/** Turns an app's listeners into others: wraps them, or spoils them. */
export type Transform = (host: Host) => Host

/** Runs every kind of the themes, `atOnce` side by side. */
export function observeAll(
  transform: Transform,
  wanted: (kind: Kind) => boolean = () => true,
  make?: MakeServer,
): Observations {
  const results = new Map<Kind, Promise<Observation>>()
  const free = new Semaphore(atOnce)
  for (const theme of themes) {
    for (const kind of theme.kinds.filter(wanted))
      results.set(
        kind,
        free.run(() => runOne(theme, kind, transform, make)),
      )
  }
  return results
}

export type Observations = ReadonlyMap<Kind, Promise<Observation>>

export function runOne(theme: Theme, kind: Kind, transform: Transform, make?: MakeServer): Promise<Observation> {
  return observe(kind, async (record) => transform(await makeApp(theme.app, record)), make)
}

const atOnce = 12

/** Lets a number of tasks run at once; the others wait for their turn. */
class Semaphore {
  private free: number
  private readonly queue: (() => void)[] = []

  constructor(places: number) {
    this.free = places
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((resolve) => this.queue.push(resolve))
    else this.free--
    try {
      return await task()
    } finally {
      const next = this.queue.shift()
      if (next) next()
      else this.free++
    }
  }
}
