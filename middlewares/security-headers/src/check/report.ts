/**
 * What is said of a site, in lines for a person.
 *
 * @module
 */
import { styleText } from 'node:util'
import type { SecurityFinding } from './score.ts'
import type { SiteCheck } from './site.ts'
import type { Addresses } from './visit.ts'

/** Writes the report; with colour for a terminal that has it. */
export function report(check: SiteCheck, addresses: Addresses, hasColour: boolean): string {
  const paint = (style: Style, text: string): string =>
    hasColour ? styleText(style, text, { validateStream: false }) : text
  const { grade, score, findings, asked, url, status } = check
  const shown = status === 200 ? url : `${url} (${status})`
  const style = grade.startsWith('A') ? 'green' : grade.startsWith('B') || grade.startsWith('C') ? 'yellow' : 'red'
  const others = asked.map(({ target, status }) => `${target} (${status})`).join(', ')
  const lines = [
    `${paint('bold', shown)}  ${paint(style, grade)}  ${score} points by the Observatory's rules`,
    `Looked at besides: ${others || 'nothing else answers'}`,
    ...notAsked(addresses),
    '',
    ...findings.flatMap((finding) => lineOf(finding, paint)),
    summary(findings),
  ]
  return `${lines.join('\n')}\n`
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red'
type Paint = (style: Style, text: string) => string

function lineOf({ code, points, wrong, instead }: SecurityFinding, paint: Paint): string[] {
  const shown = points === 0 ? '  ·' : String(points).padStart(3)
  return [
    `${paint(points < 0 ? 'red' : 'dim', shown)}  ${paint('bold', code)}`,
    `     ${wrong}`,
    `     ${paint('dim', 'write')} ${instead}`,
    '',
  ]
}

function notAsked({ http, https }: Addresses): string[] {
  if (http === undefined) return ['Not asked by http: give its URL as well, and the redirect is judged too']
  return https === undefined ? ['Not asked by https: give its URL as well'] : []
}

function summary(findings: readonly SecurityFinding[]): string {
  if (findings.length === 0) return 'Nothing to mend.'
  const costly = findings.filter(({ points }) => points < 0).length
  return `${findings.length} to mend, ${costly} of them at the cost of points.`
}
