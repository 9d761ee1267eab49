/**
 * What it costs to make a file server: the scan of 20,000 files, beside the least that anybody must do who wants to know
 * of them (list each directory, stat each file), and the heap that each of them takes.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { staticFiles, type StaticFiles } from '@outerware/static'
import { folder } from './programs.ts'

export const SCAN_TITLE = 'A scan of 20,000 files, against a plain walk'

const FILES = 20_000
const IN_EACH = 100
/** Design, section 7. */
const [MOST_MS, MOST_BYTES] = [1000, 1024]

/** Prints the medians of some rounds, taken in turn. */
export function benchScan(rounds: number): void {
  const dir = manyFiles([''])
  const walks: number[] = []
  const scans: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const [walked, scanned] = [cpuMs(() => walk(dir)), cpuMs(() => staticFiles(dir))]
    // The first fills the caches of the system.
    if (round > 0) {
      walks.push(walked)
      scans.push(scanned)
    }
  }
  const [plain, scan] = [median(walks), median(scans)]
  const ratio = median(scans.map((ms, i) => ms / walks[i]!))
  console.log(SCAN_TITLE)
  console.log(`  a plain walk  ${plain.toFixed(0).padStart(6)} ms CPU`)
  console.log(
    `  staticFiles   ${scan.toFixed(0).padStart(6)} ms CPU, ${ratio.toFixed(2)} times that   ${MOST_MS} ms ${verdict(scan <= MOST_MS)}`,
  )
  const bytes = heapOfEach()
  console.log(
    `  heap of each file with its four forms  ${bytes.toFixed(0)} bytes   ${MOST_BYTES} ${verdict(bytes <= MOST_BYTES)}\n`,
  )
}

const verdict = (isHeld: boolean): string => (isHeld ? 'held' : 'MISSED')

/** With names as bundlers make them. */
function manyFiles(suffixes: readonly string[], count = FILES): string {
  const dir = folder()
  for (let i = 0; i < count; i++) {
    const place = join(dir, `part-${Math.floor(i / IN_EACH)}`)
    if (i % IN_EACH === 0) mkdirSync(place)
    const hash = ((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')
    for (const suffix of suffixes)
      writeFileSync(join(place, `chunk-${i}.${hash}.js${suffix}`), suffix === '' ? 'let a' : 'a')
  }
  return dir
}

function walk(dir: string): number {
  let bytes = 0
  for (const dirent of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, dirent.name)
    bytes += dirent.isDirectory() ? walk(path) : statSync(path).size
  }
  return bytes
}

/** Not the time on the clock: other programs run as well. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function heapOfEach(): number {
  const count = FILES / 4
  const dir = manyFiles(['', '.gz', '.br', '.zst'], count)
  const kept: StaticFiles[] = [staticFiles(dir)]
  const before = heap()
  for (let i = 0; i < 3; i++) kept.push(staticFiles(dir))
  return (heap() - before) / ((kept.length - 1) * count)
}

function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') for (let i = 0; i < 5; i++) collect()
  return process.memoryUsage().heapUsed
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}
