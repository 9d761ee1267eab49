import { readFileSync } from 'node:fs'

/** The two columns of the first http block in a package's README. */
export interface ReadmeExchange {
  /** The left one, as the lines of a request or a response. */
  readonly left: readonly string[]
  readonly right: readonly string[]
}

/** Reads what a README shows side by side, so that a test can hold it against what is sent. */
export function readmeExchange(folder: string): ReadmeExchange {
  const page = readFileSync(new URL(`../../${folder}/README.md`, import.meta.url), 'utf8')
  const block = /^```http\n([^]*?)^```$/m.exec(page)?.[1] ?? ''
  const lines = block.split('\n').filter((line) => line !== '')
  // The right column begins where that of the first line does.
  const at = /\s{2,}(?=\S)/.exec(lines[0] ?? '')
  if (at === null) throw new Error(`${folder}/README.md shows no two columns of HTTP`)
  const column = at.index + at[0].length
  const cut = (from: number, to?: number): string[] =>
    lines.map((line) => line.slice(from, to).trim()).filter((line) => line !== '')
  return { left: cut(0, column), right: cut(column) }
}

/** The bytes of a request; what a README leaves out (`…`) is some letter. */
export function requestOfLines(lines: readonly string[]): string {
  return `${lines.join('\r\n').replaceAll('…', 'x')}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
}

/** Holds the lines of a response against what came: each is there as it is shown, up to its `…`. */
export function linesMissing(shown: readonly string[], text: string): string[] {
  const sent = text.split('\r\n\r\n', 1)[0]!.split('\r\n')
  return shown.filter((line) => {
    const [begin = ''] = line.split('…')
    return !sent.some((one) => (begin === line ? one === line : one.startsWith(begin)))
  })
}
