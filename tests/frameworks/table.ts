/** The table of a run, in Markdown. */
import type { Comparison } from './compare.ts'
import { passed } from './verdicts.ts'

export function tableOf(comparisons: readonly Comparison[]): string {
  const names = comparisons[0]?.wrapped.map(({ wrapping }) => wrapping) ?? []
  const rows = comparisons.map(({ project, bare, wrapped }) => [
    `${project.name} (${project.tag})`,
    bare.verdicts.size,
    passed(bare.verdicts),
    ...wrapped.map(({ run }) => passed(run.verdicts)),
    wrapped[0]?.run.exchanges ?? 0,
    wrapped.reduce((sum, { changed }) => sum + changed.length, 0),
  ])
  const head = ['suite', 'tests', 'pass bare', ...names.map((name) => `pass with ${name}`), 'exchanges', 'changed']
  const sums = ['all', ...head.slice(1).map((_, i) => rows.reduce((sum, row) => sum + Number(row[i + 1]), 0))]
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows, sums]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
