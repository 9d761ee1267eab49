/**
 * What is said of files, in lines.
 *
 * @module
 */
import { suffixes } from '../form.ts'
import { printable } from '../printable.ts'
import { COMPRESSOR_MANIFEST } from '../scan/manifests.ts'
import { encodings } from './codecs.ts'
import type { Compressed } from './compress.ts'
import type { Change, CompressedFile } from './compressed-file.ts'

/** A file and its forms, if something was done to them; figures in front, so that lines stand in columns. */
export function fileLine({ path, size, forms, changes, deltas, deltaChanges }: CompressedFile): string {
  if (Object.keys(changes).length === 0 && deltaChanges.length === 0) return ''
  const parts = encodings.flatMap((encoding) => {
    const form = forms[encoding]
    if (form !== undefined) return [`${encoding} ${percent(form, size)}`]
    return changes[encoding] === 'removed' ? [`${encoding} removed`] : []
  })
  parts.push(...Object.values(deltas).map((delta) => `dcz ${percent(delta, size)}`))
  return `${sizeText(size)}  ${parts.join('  ')}  ${printable(path)}\n`
}

/** What it comes to. */
export function summary({ files, removed }: Compressed, check: boolean, ms: number): string {
  const changes = files.flatMap((file) => [...Object.values(file.changes), ...file.deltaChanges])
  const formCount = files.reduce((sum, file) => sum + Object.keys({ ...file.forms, ...file.deltas }).length, 0)
  const seconds = `in ${(ms / 1000).toFixed(1)} s`
  if (formCount + changes.length + removed.length === 0) {
    return `${counted(files.length, 'file')}, ${files.length === 1 ? 'not' : 'none of them'} worth a coded form, ${seconds}\n`
  }
  const counts = (['made', 'renewed', 'dated', 'removed'] as const).map((kind) => {
    const count = changes.filter((change) => change === kind).length + (kind === 'removed' ? removed.length : 0)
    return count === 0 ? [] : [`${count} ${check ? `to be ${kind}` : kind}`]
  })
  const untouched = formCount - changes.filter((change) => change !== 'removed').length
  const parts = [...counts.flat(), `${untouched} up to date`]
  return `${counted(files.length, 'file')}, ${counted(formCount, 'form')}: ${parts.join(', ')}, ${seconds}\n${check ? '' : gain(files) + gainOfDeltas(files)}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Of the files that have forms: others are sent as they are. */
function gain(files: readonly CompressedFile[]): string {
  const total = (sizeOf: (file: CompressedFile) => number): number =>
    files.filter(({ forms }) => Object.keys(forms).length > 0).reduce((sum, file) => sum + sizeOf(file), 0)
  const plain = total(({ size }) => size)
  if (plain === 0) return ''
  const parts = encodings
    .filter((encoding) => files.some(({ forms }) => forms[encoding] !== undefined))
    .map((encoding) => {
      const coded = total(({ forms, size }) => forms[encoding] ?? size)
      return `${sizeText(coded).trim()} by ${encoding} (${percent(coded, plain).trim()})`
    })
  return `${sizeText(plain).trim()} are sent as ${parts.join(', ')}\n`
}

/** For who has the build before; of several, the most that one of them takes. */
function gainOfDeltas(files: readonly CompressedFile[]): string {
  const changed = files.filter(({ deltas }) => Object.keys(deltas).length > 0)
  if (changed.length === 0) return ''
  const total = (sizeOf: (file: CompressedFile) => number): number =>
    changed.reduce((sum, file) => sum + sizeOf(file), 0)
  const plain = total(({ size }) => size)
  const best = total(({ size, forms }) => Math.min(size, ...Object.values(forms)))
  const coded = total(({ deltas }) => Math.max(...Object.values(deltas)))
  return `${counted(changed.length, 'file')} that changed, ${sizeText(plain).trim()}, ${changed.length === 1 ? 'is' : 'are'} sent as ${sizeText(coded).trim()} by dcz (${percent(coded, plain).trim()}) to who has the earlier build, in place of ${sizeText(best).trim()}\n`
}

const wrong: Readonly<Record<Change, string>> = {
  made: 'missing',
  renewed: 'stale',
  dated: 'older',
  removed: 'useless',
}

/**
 * What `--check` has found, one line each.
 *
 * @param hasManifest whether there is one of an earlier run
 */
export function problems({ files, removed, upToDate }: Compressed, hasManifest: boolean): string[] {
  const lines = files.flatMap(({ path, changes, deltaChanges }) => [
    ...encodings.flatMap((encoding) => {
      const change = changes[encoding]
      return change === undefined ? [] : [`${wrong[change].padEnd(8)} ${printable(path)}${suffixes[encoding]}\n`]
    }),
    ...deltaChanges.map((change) => `${wrong[change].padEnd(8)} ${printable(path)}${suffixes.dcz}\n`),
  ])
  lines.push(...removed.map((path) => `orphan   ${printable(path)}\n`))
  if (lines.length === 0 && !upToDate) lines.push(`${hasManifest ? 'stale   ' : 'missing '} ${COMPRESSOR_MANIFEST}\n`)
  return lines
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1).padStart(4)} %`
}

/** In units of a thousand, as tools of the trade do. */
function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let size = bytes
  while (size >= 999.95 && units.length > 1) {
    size /= 1000
    units.shift()
  }
  return `${units[0] === 'B' ? size : size.toFixed(1)} ${units[0]}`.padStart(8)
}
