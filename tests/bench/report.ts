/** Medians and ratios as a table. */
import type { Sample } from './measure.ts'
import type { Suite } from './suite.ts'

/**
 * @param samples of each server, the baseline's too, a sample for each round
 * @param judged whether the floors count: they are meant for the wire
 */
export function report(suite: Suite, samples: Map<string, Sample[]>, judged: boolean): void {
  const base = samples.get(suite.baseline)!
  const width = Math.max(...[...samples.keys()].map((name) => name.length))
  console.log(suite.title)
  console.log(`  ${''.padEnd(width)}      req/s   ratio   µs CPU   ratio${judged ? '   floor' : ''}`)
  for (const [name, own] of samples) {
    const throughput = median(own.map((sample) => sample.throughput))
    const cpuTime = median(own.map((sample) => sample.cpu))
    // Round by round, so that a drift of the machine's speed falls out.
    const ratio = median(own.map((sample, i) => sample.throughput / base[i]!.throughput))
    const cpuRatio = median(own.map((sample, i) => base[i]!.cpu / sample.cpu))
    const floor = judged ? suite.servers.find((server) => server.name === name)?.floor : undefined
    const verdict = floor === undefined ? '' : `${floor.toFixed(2)} ${cpuRatio >= floor ? 'held' : 'MISSED'}`
    const columns = [
      throughput.toFixed(0).padStart(9),
      ratio.toFixed(2).padStart(7),
      cpuTime.toFixed(1).padStart(8),
      cpuRatio.toFixed(2).padStart(7),
    ]
    console.log(`  ${name.padEnd(width)}  ${columns.join(' ')}   ${verdict}`)
  }
  console.log()
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
